#!/usr/bin/env python3
"""Converts session logs on a cluster: an Apache Spark job that runs `tcplog convert` where the logs are.

    spark-submit --files tcplog[,libraries] tcplog_spark.py [OPTION]... IN... OUT

Logs are read by Spark, in groups of some hundred that stand side by side in the order of a local run, and each group goes through
one process, as a tar on its standard input, behind the logs before it from which its sessions may learn: so records are those
of a local run. What a record is, is the program's business: this file names no field but `kind`, by which Parquet is laid out,
and takes the schema of Parquet from the program. docs/scale.md tells how it is run and proved."""
import argparse
import collections
import io
import itertools
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import threading

from pyspark import AccumulatorParam, SparkFiles
from pyspark.sql import SparkSession, functions
from pyspark.sql.types import ArrayType, BooleanType, LongType, StringType, StructField, StructType

KINDS = ("line", "exchange", "message", "session")
TYPES = {"string": StringType(), "integer": LongType(), "boolean": BooleanType(), "array": ArrayType(StringType())}
MESSAGES_MOST = 20  # that are shown; all are counted
CLEAN, DAMAGED = 0, 1  # exit codes of tcplog after which its records are good
REACH, LOG_LEAST = 256 << 10, 16 << 10  # how far sessions look back, and what a log counts for at least: --lead in docs/tcplog.1
GROUPS_A_CORE, GROUP_LEAST, GROUP_MOST = 8, 1 << 20, 32 << 20
OPEN_COST, OPEN_BYTES = "spark.sql.files.openCostInBytes", 64 << 10  # Spark's own 4 MiB make a task of 32 small logs

Log = collections.namedtuple("Log", "path name length")
# Number `position` of its group, of which the first `lead` are only learned from.
Place = collections.namedtuple("Place", "path name group position lead")
PLACES = "path string, name string, `group` long, position long, lead long"


class Counts(AccumulatorParam):
    """What was met, by name."""

    def zero(self, value):
        return collections.Counter()

    def addInPlace(self, value1, value2):
        value1.update(value2)
        return value1


class First(AccumulatorParam):
    """The first messages that came in: every problem of a million logs has no place in the driver."""

    def zero(self, value):
        return []

    def addInPlace(self, value1, value2):
        return (value1 + value2)[:MESSAGES_MOST]


class Program:
    """tcplog on the machine where a task runs: shipped with --files, or a path that is good on every one of them."""

    def __init__(self, path, options=(), key=None):
        self.path, self.options, self.key = path, tuple(options), key

    def words(self, lead):
        key = ("--redact-key-file", SparkFiles.get(self.key)) if self.key else ()
        return ["convert", *self.options, *key, "--untar", "--lead", str(lead), "-"]

    def start(self, words, **streams):
        """Libraries may have been shipped along: they lie beside the program."""
        path = self.path or SparkFiles.get("tcplog")
        libraries = os.pathsep.join(filter(None, (os.path.dirname(path), os.environ.get("LD_LIBRARY_PATH"))))
        return subprocess.Popen([path, *words], env={**os.environ, "LD_LIBRARY_PATH": libraries}, **streams)

    def says(self, *words):
        with self.start(words, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
            answer = process.stdout.read()
        if process.returncode:
            raise RuntimeError(f"tcplog {' '.join(words)} ended with {process.returncode}")
        return answer

    def records(self, logs, lead, told):
        """The records of a group of logs, line by line as they come; told gets the messages, and how many logs they were. Of the
        first `lead` there are none. A program that did not do its work fails the task: Spark tries again elsewhere, and what
        came so far is not committed."""
        with tempfile.TemporaryFile() as messages:
            process = self.start(self.words(lead), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=messages)
            feeder = Feeder(process.stdin, logs)
            feeder.start()
            try:
                for record in process.stdout:
                    yield record.rstrip(b"\n").decode("utf-8")
            finally:  # also where the task is given up halfway
                process.stdout.close()
                feeder.join()
                process.wait()
            messages.seek(0)
            said = messages.read().decode("utf-8", "replace").splitlines()
        # Many a program that could not run ends with 1, too; tcplog then names what is damaged.
        if process.returncode != CLEAN and not (process.returncode == DAMAGED and ids_of(said)):
            raise RuntimeError(f"tcplog ended with {process.returncode}: {' '.join(said)[:2000]}")
        if feeder.problem:  # of which tcplog has told, too, as far as it knows
            raise RuntimeError("not all logs of a group have reached tcplog") from feeder.problem
        told(said, feeder.fed - lead)


class Feeder(threading.Thread):
    """Writes logs as a tar, one by one as they come: neither it nor tcplog ever holds two. It owns the stream."""

    def __init__(self, stream, logs):
        super().__init__()
        self.stream, self.logs, self.fed, self.problem = stream, logs, 0, None

    def run(self):
        try:
            with self.stream, tarfile.open(fileobj=self.stream, mode="w|", format=tarfile.PAX_FORMAT, encoding="utf-8",
                                           errors="surrogateescape") as tar:
                for log in self.logs:
                    if log.position != self.fed:  # a site may have Spark pass over files that are gone
                        raise RuntimeError(f"a log is missing before {log.name}")
                    entry = tarfile.TarInfo(log.name)
                    entry.size = len(log.content)
                    tar.addfile(entry, io.BytesIO(log.content))
                    self.fed += 1
        except Exception as problem:  # whatever it is: who waits for this thread raises it
            self.problem = problem


def ids_of(messages):
    """The problems that were told, by id."""
    return [found[1] for found in (re.search(r"\[([a-z0-9-]+)\]$", line) for line in messages) if found]


class Operands:
    """Spark knows a log by its URI; records name it, and runs order it, by the operand as it was given and what lies below it."""

    def __init__(self, spark, given):
        self.given, self.wholes = given, [qualified(spark, operand).rstrip("/") for operand in given]

    def place(self, uri):
        """Which operand it is of, and its path below that; of one with wild cards, the last."""
        for number, whole in enumerate(self.wholes):
            if uri == whole or uri.startswith(whole + "/"):
                return number, uri[len(whole) + 1:]
        return len(self.given), uri

    def name(self, uri):
        number, below = self.place(uri)
        if number == len(self.given) or not below:
            return below or self.given[number]
        return self.given[number] + ("" if self.given[number].endswith("/") else "/") + below

    def linked(self, uri):
        """Whether a symbolic link leads there from the operand: a local run passes over those inside of folders."""
        number, below = self.place(uri)
        if number == len(self.given) or not uri.startswith("file:"):
            return False
        path, names = self.wholes[number].removeprefix("file:"), below.split("/")
        return any(os.path.islink("/".join([path, *names[:n]])) for n in range(1, len(names) + 1))

    def order(self, uri):
        """By the bytes of each name on the way, folders among files: as a local run walks."""
        number, below = self.place(uri)
        return number, [name.encode("utf-8", "surrogateescape") for name in below.split("/")]


def hadoop(spark, path):
    """The path as Hadoop's own, and the file system that it is on."""
    path = spark._jvm.org.apache.hadoop.fs.Path(path)
    return path, path.getFileSystem(spark._jsc.hadoopConfiguration())


def qualified(spark, operand):
    path, system = hadoop(spark, operand)
    return system.makeQualified(path).toString()


def exists(spark, operand):
    path, system = hadoop(spark, operand)
    return system.exists(path)


def weight(length):
    """What a log counts for: each takes some doing, however small it is."""
    return max(length, LOG_LEAST)


def lead_of(logs, first):
    """How many logs before this one its sessions may learn from: those of its folder, as far as anybody looks back."""
    folder, lead, reached = logs[first].name.rpartition("/")[0], 0, 0
    while lead < first and reached < REACH and logs[first - lead - 1].name.rpartition("/")[0] == folder:
        lead += 1
        reached += weight(logs[first - lead].length)
    return lead


def grouped(logs, most):
    """A Place for each log, which stand in the order of a local run, in groups of consecutive ones that weigh no more than
    `most`; and one more for each group that it has to lead."""
    group, full = -1, 0
    for number, log in enumerate(logs):
        full += weight(log.length)
        if full > most or not number:
            group, full, lead = group + 1, weight(log.length), lead_of(logs, number)
            first = number - lead
            yield from (Place(each.path, each.name, group, position, lead) for position, each in enumerate(logs[first:number]))
        yield Place(log.path, log.name, group, number - first, lead)


def plan(logs, operands, cores):
    """Where each log goes, and how many groups there are: several for each core, but none so small that it is mostly lead."""
    ours = sorted((log for log in logs if not operands.linked(log.path)), key=lambda log: operands.order(log.path))
    known = [Log(log.path, operands.name(log.path), log.length) for log in ours]
    share = sum(weight(log.length) for log in known) // (GROUPS_A_CORE * cores)
    places = list(grouped(known, min(max(share, GROUP_LEAST), GROUP_MOST)))
    return places, places[-1].group + 1 if places else 0


def converter(program, counts, first):
    """The function that makes records of a partition's logs, which come group by group."""

    def told(said, logs):
        counts.add(collections.Counter(ids_of(said)) + collections.Counter({"": logs}))
        first.add(said[:MESSAGES_MOST])

    def convert(logs):
        for _, group in itertools.groupby(logs, lambda log: log.group):
            log, records = next(group), 0
            for record in program.records(itertools.chain([log], group), log.lead, told):
                records += 1
                yield record
            counts.add(collections.Counter({"records": records}))

    return convert


def read_logs(spark, operands):
    """Path and bytes of every file below the operands, with its place in the plan; each group is in one partition, in its
    order."""
    if not spark.sparkContext.getConf().contains(OPEN_COST):
        spark.conf.set(OPEN_COST, OPEN_BYTES)
    files = spark.read.format("binaryFile").option("recursiveFileLookup", True).load(operands)
    listed = files.select("path", "length").collect()
    places, groups = plan(listed, Operands(spark, operands), spark.sparkContext.defaultParallelism)
    table = spark.createDataFrame(places, PLACES)
    # groups meet in partitions by chance: half as many of them leave few that are empty
    return (files.select("path", "content").join(functions.broadcast(table), "path").repartition(max(1, groups // 2), "group")
            .sortWithinPartitions("group", "position").rdd)


def fields_of(text):
    return [(field["name"], TYPES[field["type"]]) for field in json.loads(text)["fields"]]


def schema_of(spark, program, kinds):
    """The columns of all kinds that were asked for, in the order of the published schema. A field has one type in all kinds.
    The program that is asked is the one that will convert: it may not be there on the driver's machine."""
    asked = [("schema", "--form", "table-schema", "-k", kind) for kind in kinds]
    answers = spark.sparkContext.parallelize(asked, 1).map(lambda words: program.says(*words)).collect()
    columns = dict(column for answer in answers for column in fields_of(answer))
    return StructType([StructField(name, type_) for name, type_ in columns.items()])


def write_jsonl(spark, records, given):
    codec = "org.apache.hadoop.io.compress.GzipCodec" if given.gzip else None
    records.saveAsTextFile(given.output, codec)


def write_parquet(spark, records, given):
    """One folder a kind below OUT. A missing field is null."""
    schema = schema_of(spark, Program(given.program), given.kind)
    spark.read.schema(schema).option("mode", "FAILFAST").json(records).write.partitionBy("kind").parquet(given.output)


WRITERS = {"jsonl": write_jsonl, "parquet": write_parquet}


def kinds_of(text):
    kinds = KINDS if text == "all" else text.split(",")
    unknown = set(kinds) - set(KINDS)
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no kind {', '.join(sorted(unknown))}: {', '.join(KINDS)} or all")
    return kinds


def parse(words):
    parser = argparse.ArgumentParser(prog="tcplog_spark.py", description="Converts session logs into records on Apache Spark.")
    parser.add_argument("-k", "--kind", type=kinds_of, default=["exchange"], metavar="KIND,…",
                        help="line, exchange, message, session, several with commas between, or all (default: exchange)")
    parser.add_argument("-f", "--format", choices=WRITERS, default="jsonl", help="(default: jsonl)")
    parser.add_argument("-z", "--gzip", action="store_true", help="compress JSON Lines")
    parser.add_argument("--timezone", metavar="ZONE", help="as of tcplog convert")
    parser.add_argument("--redact", metavar="WHAT", help="as of tcplog convert")
    parser.add_argument("--redact-key-file", metavar="NAME", help="the name of a key that --files has shipped; identities need it")
    parser.add_argument("--program", metavar="PATH", help="tcplog on every worker (default: the one that --files has shipped)")
    parser.add_argument("input", nargs="+", metavar="IN", help="a folder or a file on any Hadoop file system")
    parser.add_argument("output", metavar="OUT", help="a folder that does not exist yet")
    given = parser.parse_args(words)
    # Each log is a run of its own, and would get a key of its own: no pseudonym would be the same in two of them.
    if given.redact == "identities" and not given.redact_key_file:
        parser.error("--redact identities needs --redact-key-file")
    return given


def options_of(given):
    passed_on = [("--timezone", given.timezone), ("--redact", given.redact)]
    return ["--quiet", "--format", "jsonl", "--kind", ",".join(given.kind)] + [
        word for name, value in passed_on if value is not None for word in (name, value)]


def report(counts, first, output):
    """A task that Spark ran twice has counted twice, too; records are committed once."""
    logs, records = counts.pop("", 0), counts.pop("records", 0)
    for message in first:
        print(message, file=sys.stderr)
    print(f"tcplog_spark: {logs} files read -> {records} records in {output}", file=sys.stderr)
    for name, count in sorted(counts.items()):
        print(f"  {name:<20} {count}", file=sys.stderr)


def main(words):
    given = parse(words)
    # Only committed attempts of tasks are ever seen in OUT, whatever a site has made the default.
    spark = (SparkSession.builder.appName("tcplog")
             .config("spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version", "1").getOrCreate())
    if exists(spark, given.output):
        sys.exit(f"tcplog_spark: {given.output} exists already")
    context = spark.sparkContext
    counts = context.accumulator(collections.Counter(), Counts())
    first = context.accumulator([], First())
    program = Program(given.program, options_of(given), given.redact_key_file)
    convert = converter(program, counts, first)
    WRITERS[given.format](spark, read_logs(spark, given.input).mapPartitions(convert), given)
    report(counts.value, first.value, given.output)
    spark.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
