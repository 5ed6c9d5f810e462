# SPDX-License-Identifier: Apache-2.0
"""A third reading of our CBOR, by cbor2: each line of hex on standard input becomes a line of diagnostic notation."""
import json
import sys

import cbor2


def diagnose(value):
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bytes):
        return "h'%s'" % value.hex()
    if isinstance(value, cbor2.CBORSimpleValue):  # before tuple: in some versions it is one
        return "simple(%d)" % value.value
    if isinstance(value, (list, tuple)):
        return "[%s]" % ", ".join(diagnose(item) for item in value)
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s: %s" % (diagnose(key), diagnose(item)) for key, item in value.items())
    if isinstance(value, cbor2.CBORTag):
        return "%d(%s)" % (value.tag, diagnose(value.value))
    raise TypeError("%r is not of LM1" % (value,))


for line in sys.stdin:
    print(diagnose(cbor2.loads(bytes.fromhex(line))))
