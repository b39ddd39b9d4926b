#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""schema.py SCHEMA FILE...: JSON, or lines of it, against what of JSON Schema docs/schema/ uses.
schema.py --keys SCHEMA: the names of all properties."""
import json
import os
import sys

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
KNOWN = {".", "$schema", "$defs", "$ref", "title", "type", "properties", "required", "items", "enum",
         "additionalProperties", "minimum", "maximum"}


def load(name):
    with open(name, encoding="utf-8") as file:
        schema = json.load(file)
    schema["."] = os.path.dirname(name)
    return schema


def has_type(value, name):
    if name in ("integer", "number"):
        return not isinstance(value, bool) and isinstance(value, int if name == "integer" else (int, float))
    return isinstance(value, TYPES[name])


def check(value, schema, root, where):
    if not set(schema) <= KNOWN:
        yield f"{where}: the schema has words that aren't known here"
    if "$ref" in schema:
        file, _, inside = schema["$ref"].partition("#")
        other = load(os.path.join(root["."], file)) if file else root
        yield from check(value, other["$defs"][inside.rsplit("/", 1)[1]] if inside else other, other, where)
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is none of {schema['enum']}"
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(has_type(value, name) for name in types):
        yield f"{where}: {value!r} is no {' or '.join(types)}"
    if isinstance(value, (int, float)) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{where}: {value!r} is out of range"
    if isinstance(value, dict):
        for key in schema.get("required", []):
            if key not in value:
                yield f"{where}.{key}: missing"
        for key, inner in value.items():
            other = schema.get("additionalProperties", True)
            if key in schema.get("properties", {}):
                yield from check(inner, schema["properties"][key], root, f"{where}.{key}")
            elif other is False:
                yield f"{where}.{key}: not in the schema"
            elif isinstance(other, dict):
                yield from check(inner, other, root, f"{where}.{key}")
    if isinstance(value, list):
        for i, inner in enumerate(value):
            yield from check(inner, schema.get("items", {}), root, f"{where}[{i}]")


def keys(schema):
    if isinstance(schema, dict):
        for name, inner in schema.items():
            if name == "properties":
                yield from inner
            yield from keys(inner)


def documents(name):
    with open(name, encoding="utf-8") as file:
        text = file.read()
    try:
        return [json.loads(text)]
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines()]


def main():
    if sys.argv[1] == "--keys":
        print("\n".join(sorted(set(keys(load(sys.argv[2]))))))
        return 0
    schema = load(sys.argv[1])
    wrong = [f"{name}: {text}" for name in sys.argv[2:] for document in documents(name)
             for text in check(document, schema, schema, "")]
    print("\n".join(wrong[:20]))
    return bool(wrong)


sys.exit(main())
