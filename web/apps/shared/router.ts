// SPDX-License-Identifier: Apache-2.0

/** Which screen is on, kept in the address's fragment so that the phone's Back button works. The first is home. */
export class Router<Screen extends string> {
  readonly #screens: readonly Screen[];
  readonly #onChange: () => void;
  #depth = 0;
  #focused: Screen | undefined;

  constructor(screens: readonly Screen[], onChange: () => void) {
    this.#screens = screens;
    this.#onChange = onChange;
    this.#focused = this.screen;
    history.scrollRestoration = 'manual'; // every screen begins at its top: focusHeading()
    window.addEventListener('popstate', (event) => {
      this.#depth = (event.state as { depth?: number } | null)?.depth ?? 0;
      this.#onChange();
    });
  }

  get screen(): Screen {
    const named = location.hash.slice(1);
    return this.#screens.find((screen) => screen === named) ?? this.#screens[0]!;
  }

  go(screen: Screen): void {
    this.#depth++;
    history.pushState({ depth: this.#depth }, '', `#${screen}`);
    this.#onChange();
  }

  replace(screen: Screen): void {
    history.replaceState({ depth: this.#depth }, '', `#${screen}`);
    this.#onChange();
  }

  back(): void {
    if (this.#depth > 0) history.back();
    else this.home();
  }

  /** Leaves every screen that was opened on top of home. */
  home(): void {
    if (this.#depth > 0) return history.go(-this.#depth);
    history.replaceState({ depth: 0 }, '', location.pathname + location.search);
    this.#onChange();
  }

  /** Has the heading focused once more, though the screen stays. */
  refocus(): void {
    this.#focused = undefined;
    this.#onChange();
  }

  /** After a change of screen: puts the focus on its heading, so that a screen reader says where it is. */
  focusHeading(root: ParentNode): void {
    if (this.#focused === this.screen) return;
    this.#focused = this.screen;
    window.scrollTo(0, 0);
    requestAnimationFrame(() => root.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true }));
  }
}
