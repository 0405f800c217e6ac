#!/usr/bin/env python3
"""Holds our schemas and exports against validators that are not ours: jsonschema and frictionless.

    third_party.py TCPLOG DIRECTORY

Converts the logs in DIRECTORY to every kind and format and checks each record against the published schema. Also
turns good records into bad ones, which must be refused: a schema that lets everything pass would look well otherwise.
Prints TAP; exits 1 if anything failed. Needs jsonschema; frictionless, which Debian does not have, if it is there.
"""
import copy
import csv
import json
import os
import subprocess
import sys
import tempfile

import jsonschema

try:
    import frictionless
except ImportError:
    frictionless = None

KINDS = ("line", "exchange", "message", "session")
Validator = jsonschema.Draft202012Validator


class Tap:
    """Counts checks and prints a line for each."""

    def __init__(self):
        self.count = self.failed = 0

    def check(self, name, faults):
        self.count += 1
        self.failed += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {self.count} - {name}")
        for fault in faults[:5]:
            print(f"# {fault}")

    def end(self):
        print(f"1..{self.count}")
        return 1 if self.failed else 0


def run(*command):
    """What the program printed; 1 means that some log was damaged, which the corpus has on purpose."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"Bail out! {' '.join(command)}: exit {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def schema_faults(schema):
    try:
        Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        return [error.message]
    return []


def record_faults(validators, records):
    """Every error of every record; the kind's own schema and the bundle must both take it."""
    return [
        f"record {number}: {'.'.join(map(str, error.path))}: {error.message}"
        for number, record in enumerate(records, 1)
        for validator in validators
        for error in validator.iter_errors(record)
    ]


def spoil(record):
    """Records that differ from a good one by one fault each."""
    def changed(**fields):
        return {**copy.deepcopy(record), **fields}

    yield "an unknown field", changed(colour="red")
    yield "an unknown kind", changed(kind="mail")
    yield "another version", changed(schema="2.0")
    yield "a name not in the set", changed(protocol="ftp")
    yield "a text for a number", changed(line="1")
    yield "a line number 0", changed(line=0)
    yield "a fraction", changed(offset=0.5)
    yield "a number of more than 64 bits", changed(offset=2**63)
    yield "a text with a NUL", changed(source_file="a\0b")
    yield "a number for a text", changed(source_file=7)
    yield "a null", changed(server=None)
    yield "an id off the pattern", changed(id="1")
    yield "a time off the pattern", changed(time="10 Feb 2014")
    for field in ("kind", "session_id", "line"):
        yield f"no {field}", {name: value for name, value in record.items() if name != field}


def check_jsonl(tap, tcplog, logs):
    bundle = json.loads(run(tcplog, "schema", "--form", "json-schema"))
    tap.check("json-schema: the bundle is a schema", schema_faults(bundle))
    for kind in KINDS:
        schema = json.loads(run(tcplog, "schema", "--form", "json-schema", "-k", kind))
        tap.check(f"json-schema {kind}: is a schema", schema_faults(schema))
        validators = [Validator(schema), Validator(bundle)]
        output = run(tcplog, "convert", "-k", kind, "-f", "jsonl", *logs).decode("utf-8")
        records = [json.loads(line) for line in output.split("\n") if line]
        tap.check(f"jsonl {kind}: there are records", [] if records else ["none"])
        tap.check(f"jsonl {kind}: {len(records)} records are valid", record_faults(validators, records))
        passed = [
            what
            for what, bad in (spoil(records[0]) if records else ())
            for validator in validators
            if validator.is_valid(bad)
        ]
        tap.check(f"json-schema {kind}: damage is refused", passed)


def table_faults(path, schema):
    resource = frictionless.Resource(path=path, format="csv", encoding="utf-8", schema=schema)
    report = resource.validate()
    return [" ".join(map(str, row)) for row in report.flatten(["rowNumber", "fieldName", "type", "message"])]


def spoil_table(path, schema):
    """Copies of the CSV with one damage each; yields those that pass all the same."""
    with open(path, newline="", encoding="utf-8") as file:
        header, first = list(csv.reader(file))[:2]
    damages = {
        "another kind": (header, ["mail", *first[1:]]),
        "no id": (header, [cell if name != "id" else "" for name, cell in zip(header, first)]),
        "a word for a number": (header, [cell if name != "offset" else "x" for name, cell in zip(header, first)]),
        "another column": ([*header[:-1], "colour"], first),
        "a cell too many": (header, [*first, "x"]),
    }
    for what, rows in damages.items():
        with open("spoilt.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        if not table_faults("spoilt.csv", schema):
            yield what


def check_csv(tap, tcplog, logs):
    package = json.loads(run(tcplog, "schema", "--form", "table-schema"))
    faults = [error.message for error in frictionless.Package.metadata_validate(package)]
    tap.check("table-schema: the package descriptor is valid", faults)
    for kind in KINDS:
        descriptor = json.loads(run(tcplog, "schema", "--form", "table-schema", "-k", kind))
        schema = frictionless.Schema.from_descriptor(descriptor)
        header = run(tcplog, "schema", "--form", "csv", "-k", kind).decode().strip().split(",")
        tap.check(f"table-schema {kind}: has the columns of the csv", [] if header == schema.field_names else [header])
        path = f"{kind}.csv"
        with open(path, "wb") as file:
            file.write(run(tcplog, "convert", "-k", kind, "-f", "csv", *logs))
        tap.check(f"csv {kind}: the table is valid", table_faults(path, schema))
        tap.check(f"table-schema {kind}: damage is refused", list(spoil_table(path, schema)))


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    tcplog, logs = (os.path.abspath(argument) for argument in sys.argv[1:])
    tap = Tap()
    # frictionless refuses paths that leave the folder it is in
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        check_jsonl(tap, tcplog, [logs])
        if frictionless:
            check_csv(tap, tcplog, [logs])
        else:
            print("ok - table-schema # SKIP frictionless is not installed")
        os.chdir("/")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
