# SPDX-License-Identifier: Apache-2.0
# What the scripts beside this file share: a small world of made-up keys, people and doors, and its clock.

# 2026-02-20T15:06:40Z
T=1771600000

# The public half of a key file.
public_of() { sed 's/.*"x":"\([^"]*\)".*/\1/' "$1"; }

# Keys of a root, an issuer, two devices, a hospital and another hospital.
make_keys() {
  for name in root issuer device device2 hospital hospital2; do liangma keygen --out $name.json; done
  for name in seal seal2; do liangma keygen --type x25519 --out $name.json; done
}

hospital_entry() {
  echo "{\"id\": \"$1\", \"names\": {\"en\": \"Hospital $1\"}, \"kind\": \"hospital\",
    \"keys\": [{\"key\": \"$(public_of "$2")\", \"notBefore\": 0, \"notAfter\": 4000000000}],
    \"sealingKey32\": \"$(public_of "$3")\", \"endpoints\": [\"https://$1.example/answers\"]}"
}

make_content() {
  cat > content.json <<END
{"version": 1,
 "issuers": [{"id": "330100", "names": {"zh-Hans": "杭州市", "en": "Hangzhou"},
   "keys": [{"key": "$(public_of issuer.json)", "notBefore": 0, "notAfter": 4000000000}]}],
 "verifiers": [$(hospital_entry H1 hospital.json seal.json), $(hospital_entry H2 hospital2.json seal2.json)],
 "scenes": [{"id": "metro", "names": {"en": "Metro"}, "required": "time", "windowSeconds": 10,
     "byColour": {"yellow": "refuse"}},
   {"id": "ward", "names": {"en": "Ward"}, "required": "challenge"}]}
END
}

# claims.json of a made-up person: claims COLOUR
claims() {
  cat <<END
{"colour": "$1", "name": "张三丰", "identity":
  {"fullName": "张三丰", "idNumber": "33010619900101123X", "phone": "13800000000"}}
END
}

# A credential that lives a day from T: issue_to DEVICE COLOUR FILE
issue_to() {
  claims "$2" | liangma issue --key issuer.json --iss 330100 --device "$(public_of "$1")" --claims - --ttl 86400 \
    --out "$3" --now $T
}

# Everything at once: keys, trust.json that lives ten days from T, c.cred for device.json.
world() {
  make_keys > public-keys
  make_content
  liangma trust build --content content.json --root root.json --now $T --ttl 864000 --out trust.json > built
  issue_to device.json green c.cred
}

# The live code of c.cred at T plus some seconds: live_at SECONDS
live_at() { liangma show --credential c.cred --device-key device.json --now $((T + $1)); }

# verify_at SECONDS …: reads the code from standard input
verify_at() {
  local seconds=$1
  shift
  liangma verify --trust trust.json --now $((T + seconds)) "$@"
}

# A line of people.ndjson: person COLOUR ID_TAIL
person() { echo "{\"device\":\"$(public_of device.json)\",\"colour\":\"$1\",\"name\":\"张三丰\",\"idTail\":\"$2\"}"; }

# issue_batch PEOPLE OUT …
issue_batch() {
  liangma issue --key issuer.json --iss 330100 --now $T --status-from 7 --batch "$1" --out "$2" "${@:3}"
}

# The issuer's status list NUMBER of one hour from T into list.cwt, from the lines of changes: status_list NUMBER
status_list() {
  liangma status build --key issuer.json --uri "https://330100.example/status/$1" --changes changes --now $T --ttl 3600 \
    --refresh 600 --out list.cwt
}

# show_status SECONDS …
show_status() {
  local seconds=$1
  shift
  liangma status show --trust trust.json --list list.cwt --json --now $((T + seconds)) "$@"
}

# Verdict and reason of the code in `code`, with list.cwt: listed_at SECONDS …
listed_at() { verify_at "$@" --status list.cwt --json < code | cut -d, -f1,2; }

REGIONS=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../tools/regions" && pwd)

# A trust list with the agreements and packs of tools/regions, and an issuer that may speak for every province.
world_of_regions() {
  make_keys > public-keys
  make_content
  sed 's|^   "keys": |   "regions": ["310000", "330000", "350000", "410000", "440000", "500000"], "keys": |' content.json > wide.json
  local pack packs=()
  for pack in "$REGIONS"/[0-9]*.json; do packs+=(--pack "$pack"); done
  liangma trust build --content wide.json --root root.json --recognitions "$REGIONS/recognitions.json" "${packs[@]}" \
    --now $T --ttl 864000 --out trust.json > built
}

# The verdict of a live code of REGION and COLOUR at a door: door REGION COLOUR PLACE SCENE PACK…
door() {
  local region=$1 colour=$2 place=$3 scene=$4 pack packs=()
  shift 4
  for pack in "$@"; do packs+=(--pack "$REGIONS/$pack.json"); done
  claims "$colour" | sed "s/{\"colour\"/{\"region\": \"$region\", \"colour\"/" > c.json
  liangma issue --key issuer.json --iss 330100 --device "$(public_of device.json)" --claims c.json --ttl 86400 --out c.cred \
    --now $T > issued
  live_at 60 | verify_at 61 --place-region "$place" --scene "$scene" "${packs[@]}" --json | tee verdict |
    sed 's/"advice".*"identity":[^,}]*//; s/,}$/}/; s/,,/,/'
  return "${PIPESTATUS[1]}"
}

# Verdict and reason of a live code of c.cred under a trust list of this content: under CONTENT
under() {
  liangma trust build --content "$1" --root root.json --ttl 864000 --now $T --out trust.json > built
  live_at 60 | verify_at 61 --json | cut -d, -f1,2
}
