#!/usr/bin/env python3
"""Logs that are compressed or in archives. However they are packed, the records are those of the plain logs, but for
where they come from; what can be read of a damaged archive is kept and the damage is told; bombs are a message; what
a hostile archive says never reaches a terminal or the disk. Archives are made here, by Python and bsdtar."""
import sys

sys.dont_write_bytecode = True
import bz2
import gzip
import io
import json
import lzma
import os
import random
import re
import shutil
import signal
import subprocess
import tarfile
import time
import zipfile
import zlib

import tap

WORK = tap.folder()
os.chdir(WORK)
NAMES = ["pegasus/TCP-140806-2141-0.smtp", "pegasus/TCP-140210-2137-0.pop", "mercury/16-pop-client-bad-password/TCP0001.MD",
         "mercury/authored/TCP00FF.MC", "mercury/36-two-sessions-appended/TCP0000.MS"]
NAMES.sort()
LOGS = {name: tap.read(os.path.join(tap.CORPUS, name)) for name in NAMES}
for path, content in LOGS.items():
    os.makedirs(os.path.dirname(f"logs/{path}"), exist_ok=True)
    tap.write(f"logs/{path}", content)
tap.write("logs/letter.txt", b"Dear diary\n")
ONE = "logs/" + NAMES[0]


def convert(*words, **more):
    done = tap.run("convert", "-k", "all", *words, **more)
    balance = re.search(rb"lines +(\d+) read = (\d+) in sessions.* \+ (\d+) in files refused", done.stderr)
    if done.returncode in (0, 1) and "-q" not in words and (not balance or int(balance[1]) != int(balance[2]) + int(balance[3])):
        raise RuntimeError(f"{words}: does not balance: {done.stderr[-2000:]}")
    return done


def records(done):
    return tap.jsonl(done.stdout)


def placed(rows):
    """What was read, apart from where: by member, else by file."""
    found = {}
    for row in rows:
        where = row.pop("source_member", None) or row["source_file"]
        row.pop("source_file")
        found.setdefault(where, []).append(row)
    return found


def problems(done):
    return re.findall(r"^tcplog: .*\[(?:archive-|no-logs|out-of|not-a|unread)[a-z-]+\]$", done.stderr.decode(errors="replace"), re.M)


def pack_tar(path, files, mode="w", **more):
    """files: name → bytes, or a TarInfo; in their order."""
    with tarfile.open(path, mode, **more) as tar:
        for name, content in files.items():
            info = content if isinstance(content, tarfile.TarInfo) else tarfile.TarInfo(name)
            data = b"" if isinstance(content, tarfile.TarInfo) else content
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def tar_bytes(files, **more):
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", **more) as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return target.getvalue()


def zip_bytes(files, method=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def bsdtar(path, *words):
    subprocess.run(["bsdtar", "-cf", path, *words], check=True)
    return path


def zstd(data):
    return subprocess.run(["zstd", "-q", "-c"], input=data, capture_output=True, check=True).stdout


PLAIN = convert("logs")
WANTED = placed(records(PLAIN))


def faults_of(done, wanted, code=0, told=()):
    """Where a conversion is not what was wanted."""
    return list(each_fault(done, wanted, code, told))


def each_fault(done, wanted, code, told):
    rows = placed(records(done))
    if done.returncode != code:
        yield f"exit {done.returncode}: {done.stderr[-600:].decode(errors='replace')}"
    if list(rows) != list(wanted):
        yield f"members {list(rows)}, not {list(wanted)}"
    for name in wanted:
        if rows.get(name) != wanted[name]:
            yield f"{name} is not as in the plain log"
    ids = [re.search(r"\[(.*)\]$", line)[1] for line in problems(done)]
    if sorted(ids) != sorted(told):
        yield f"told {ids}, not {list(told)}: {done.stderr[-600:].decode(errors='replace')}"


# --- kinds ----------------------------------------------------------------------------------------------------------

FILES = {f"logs/{name}": tap.read(f"logs/{name}") for name in sorted(NAMES + ["letter.txt"])}
PLAIN_TAR = tar_bytes(FILES)
KINDS = {
    "tar": PLAIN_TAR,
    "pax.tar": tar_bytes(FILES, format=tarfile.PAX_FORMAT),
    "gnu.tar": tar_bytes(FILES, format=tarfile.GNU_FORMAT),
    "tar.gz": gzip.compress(PLAIN_TAR),
    "tar.bz2": bz2.compress(PLAIN_TAR),
    "tar.xz": lzma.compress(PLAIN_TAR),
    "tar.zst": zstd(PLAIN_TAR),
    "zip": zip_bytes(FILES),
    "stored.zip": zip_bytes(FILES, zipfile.ZIP_STORED),
}
for kind, content in KINDS.items():
    tap.write(f"a.{kind}", content)
bsdtar("a.7z", "--format", "7zip", *FILES)
bsdtar("a.v7.tar", "--format", "v7tar", *FILES)
bsdtar("a.streamed.zip", "--format", "zip", *FILES)
for kind in [*KINDS, "7z", "v7.tar", "streamed.zip"]:
    tap.check(f"{kind}: as the plain logs", faults_of(convert(f"a.{kind}"), WANTED))
    with open(f"a.{kind}", "rb") as file:
        tap.check(f"{kind} by standard input", faults_of(convert("-", stdin=file), WANTED))
    with subprocess.Popen(["cat", f"a.{kind}"], stdout=subprocess.PIPE) as pipe:
        tap.check(f"{kind} by a pipe", faults_of(convert("-", stdin=pipe.stdout), WANTED))
shutil.copy("a.tar.gz", "letter.pdf")
tap.check("what it is is seen by its content", faults_of(convert("letter.pdf"), WANTED))
row = records(convert("a.zip"))[0]
tap.check("source_file is the archive, source_member the path in it",
          [] if (row["source_file"], row["source_member"]) == ("a.zip", list(FILES)[1]) else [row])
tap.check("the summary counts members, and those that are no logs",
          [] if b"5 files, 6 sessions" in convert("a.zip").stderr and b"1 file that is no session log\n" in convert("a.zip").stderr else [convert("a.zip").stderr])
tap.check("and names them", [] if b"a.zip!/logs/pegasus" in convert("a.zip").stderr else [convert("a.zip").stderr])
for writer in tap.WRITERS:
    tap.run("convert", "-q", "-k", "session", "--force", "-o", f"out.{writer}", "a.tar.gz")
    done = tap.run("validate", f"out.{writer}")
    tap.check(f"{writer} of an archive is valid", [] if done.returncode == 0 else [done.stderr])
tap.check("pages are made of archives, too", [] if b"a.zip!/logs/mercury" in tap.run("explain", "a.zip", "--width", "200").stdout else ["no page"])
tap.check("an archive is an input: it is not overwritten", [] if convert("--force", "-o", "a.zip", "a.zip").returncode == 2 and tap.read("a.zip") == KINDS["zip"] else ["it is"])

# --- one compressed log ---------------------------------------------------------------------------------------------

DATED = "TCP-991231-2359-0.pop"  # only its name tells the date
UNDATED = b"".join(line for line in LOGS[NAMES[1]].splitlines(True)[2:] if b"---" not in line)
PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstd}
tap.write(DATED, UNDATED)
wanted = list(placed(records(convert(DATED))).values())
for suffix, pack in PACKERS.items():
    done = convert(tap.write(f"{DATED}.{suffix}", pack(UNDATED)))
    rows = records(done)
    tap.check(f"{suffix}: a log by itself has no member", [] if rows and not any("source_member" in row for row in rows) else rows[:1])
    tap.check(f"{suffix}: and its name tells what it told", [] if list(placed(rows).values()) == wanted else rows[:1])
done = convert(tap.write("letter.txt.gz", gzip.compress(b"Dear diary\n")))
tap.check("a compressed letter by its name is refused", [] if done.returncode == 1 and b"[not-a-session-log]" in done.stderr else [done.stderr])
member, empty = gzip.compress(LOGS[NAMES[0]]), gzip.compress(b"")
half = len(LOGS[NAMES[0]]) // 2
parts = gzip.compress(LOGS[NAMES[0]][:half]) + empty + gzip.compress(LOGS[NAMES[0]][half:])
wanted = list(placed(records(convert(ONE))).values())
for what, content, told in (("one member", member, []), ("several members, empty ones too", empty + parts + empty, []), ("zeros behind", parts + bytes(70000), []),
                            ("foreign bytes behind", member + b"not gzip", ["archive-trailing"]), ("zeros, then foreign bytes", member + bytes(999) + b"x", ["archive-trailing"])):
    done = convert(tap.write("x.gz", content))
    ids = [re.search(r"\[(.*)\]$", line)[1] for line in problems(done)]
    tap.check(f"gzip: {what}", [] if list(placed(records(done)).values()) == wanted and ids == told else [done.stderr])

# --- archives in archives -------------------------------------------------------------------------------------------

inner = {name: LOGS[name] for name in NAMES[:2]}


def nested(what, data, members, code=0, told=(), *options):
    done = convert(tap.write("nested", data), *options)
    want = {member: WANTED[f"logs/{name}"] for member, name in members.items()}
    tap.check(f"nested: {what}", faults_of(done, want, code, told))
    return done


tap.write("inner.7z", b"")
os.remove("inner.7z")
bsdtar("inner.7z", "--format", "7zip", "-C", "logs", *NAMES[:2])
both = {f"in.zip!/{name}": name for name in NAMES[:2]}
nested("zip in tar.gz", gzip.compress(tar_bytes({"in.zip": zip_bytes(inner), "z.txt": b"x\n"})), both)
nested("tar.xz in zip", zip_bytes({"in.zip": lzma.compress(tar_bytes(inner))}), both)
nested("7z in tar", tar_bytes({"in.zip": tap.read("inner.7z")}), both)
nested("7z in gzip", gzip.compress(tap.read("inner.7z")), {name: name for name in NAMES[:2]})
nested("compressed logs in tar", tar_bytes({f"{name}.{suffix}": pack(LOGS[name]) for name, (suffix, pack) in zip(NAMES, PACKERS.items())}),
       {f"{name}.{suffix}": name for name, suffix in zip(NAMES, PACKERS)})
nested("logs around it", tar_bytes({NAMES[0]: LOGS[NAMES[0]], "in.zip": zip_bytes({NAMES[1]: LOGS[NAMES[1]]}), NAMES[2]: LOGS[NAMES[2]]}),
       {NAMES[0]: NAMES[0], f"in.zip!/{NAMES[1]}": NAMES[1], NAMES[2]: NAMES[2]})
nested("gzip in gzip", gzip.compress(gzip.compress(tar_bytes(inner))), {name: name for name in NAMES[:2]})

# --- damage ---------------------------------------------------------------------------------------------------------

RANDOM = random.Random(4)
BIG = b"".join(LOGS[NAMES[0]] for _ in range(40))
PACKED = gzip.compress(BIG)
STEPS = 12 if tap.SANITIZED else 60


def decodable(data):
    """What zlib gets out of a stream that breaks off."""
    inflater = zlib.decompressobj(31)
    return inflater.decompress(data)


def texts(done):
    """Lines, as often as they were read."""
    return len([1 for row in records(done) if row["kind"] == "line"])


faults = []
for cut in sorted(RANDOM.sample(range(1, len(PACKED)), STEPS)) + [len(PACKED) - 1, len(PACKED) - 8]:
    done = convert(tap.write("TCP0000.MC.gz", PACKED[:cut]))
    lines = len(tap.physical(decodable(PACKED[:cut])))
    if cut > 12 and (done.returncode != 1 or texts(done) != lines or len(problems(done)) != 1 or "[archive-damaged]" not in problems(done)[0]):
        faults.append(f"cut at {cut}: exit {done.returncode}, {texts(done)} lines, not {lines}: {problems(done)}")
tap.check("a gzip that is cut gives every line up to there, and one problem", faults)

files = {f"{number}/{name}": LOGS[name] for number in range(8) for name in NAMES}
for what, data in (("tar.gz", gzip.compress(tar_bytes(files))), ("tar.xz", lzma.compress(tar_bytes(files))), ("tar.bz2", bz2.compress(tar_bytes(files))),
                   ("tar.zst", zstd(tar_bytes(files))), ("zip", zip_bytes(files)), ("tar", tar_bytes(files).rstrip(b"\0"))):
    faults = []
    end = data.index(b"PK\1\2") if what == "zip" else len(data) - 1  # behind it nothing is missed
    for cut in RANDOM.sample(range(600, end), STEPS // 4):
        done = convert(tap.write("cut", data[:cut]))
        whole = placed(records(done))
        names = [name.partition("/")[2] for name in whole]
        wrong = [name for name in list(whole)[:-1] if whole[name] != WANTED["logs/" + name.partition("/")[2]]]
        if done.returncode != 1 or wrong or len(problems(done)) != 1 or names != [name.partition("/")[2] for name in list(files)[:len(names)]]:
            faults.append(f"cut at {cut} of {len(data)}: exit {done.returncode}, wrong {wrong}, {problems(done)}")
    tap.check(f"a {what} that is cut gives the logs in front of the damage, and one problem", faults)
WHOLE_TAR = tar_bytes(files)
LAST = len(WHOLE_TAR.rstrip(b"\0")) // 512 * 512 + 512
tap.check("a tar that ends behind a log, but has no end, may have lost some", faults_of(convert(tap.write("cut.tar", WHOLE_TAR[:LAST])), {name: WANTED["logs/" + name.partition("/")[2]] for name in files}, 1, ("archive-damaged",)))
for size in (10, 13):
    done = convert(tap.write("short.bz2", bz2.compress(LOGS[NAMES[0]])[:size]))
    tap.check(f"{size} bytes are no bzip2", [] if done.returncode == 1 and b"archive-depth" not in done.stderr else [done.stderr])

faults = []
for what, data in KINDS.items():
    for _ in range(STEPS // 4):
        bad = bytearray(data)
        for _ in range(RANDOM.randint(1, 20)):
            bad[RANDOM.randrange(len(bad))] = RANDOM.randrange(256)
        done = convert(tap.write("bad", bytes(bad)))
        if done.returncode not in (0, 1):
            faults.append(f"{what}: exit {done.returncode} {done.stderr[-500:]}")
tap.check("damaged bytes: it balances and ends well", faults)
done = convert(tap.write("broken.gz", PACKED[:len(PACKED) // 2]), ONE)
tap.check("a damage names file and line, and what comes after it is read",
          [] if re.search(r"^tcplog: broken\.gz:\d+: .*\[archive-damaged\]", done.stderr.decode(), re.M) and records(done)[-1]["source_file"] == ONE else [done.stderr])
gap = bytearray(tar_bytes(files))
gap[5000:60000] = b"x" * 55000
done = convert(tap.write("gap.tar", bytes(gap)))
tap.check("a hole in a tar is one damage, and what stands behind it is read",
          [] if len(problems(done)) == 1 and b"more like it" not in done.stderr and list(placed(records(done)))[-1] == list(files)[-1] else [done.stderr])
crc = bytearray(zip_bytes({NAMES[0]: LOGS[NAMES[0]], NAMES[1]: LOGS[NAMES[1]]}, zipfile.ZIP_STORED))
crc[14] ^= 1
done = convert(tap.write("crc.zip", bytes(crc)))
tap.check("a wrong checksum is told with its member, and the text kept",
          [] if f"crc.zip!/{NAMES[0]}:" in done.stderr.decode() and list(placed(records(done))) == NAMES[:2] else [done.stderr])
tap.run("convert", "--report", "run.json", "-o", "out", "--force", "crc.zip")
told = json.loads(tap.read("run.json"))["inputs"][0]["diagnostics"]
tap.check("a report names the member, too", [] if [(each["id"], each["member"]) for each in told] == [("archive-damaged", NAMES[0])] else told)
secret = zip_bytes(dict(list(LOGS.items())[:3])).replace(b"PK\3\4\x14\0\0", b"PK\3\4\x14\0\1")
done = convert(tap.write("secret.zip", secret))
tap.check("encrypted members are passed over, and told once", [] if done.returncode == 1 and len(problems(done)) == 1 and "2 more like it. [archive-encrypted]" in problems(done)[0] else [done.stderr])

# --- bombs ----------------------------------------------------------------------------------------------------------

MIB = 1 << 20


def bombs(what, data, told, *options):
    done = convert(*options, tap.write("bomb", data), ONE, timeout=60)
    ids = [re.search(r"\[(.*)\]$", line)[1] for line in problems(done)]
    rows = placed(records(done))
    tap.check(f"bomb: {what}", [] if done.returncode == 1 and told in ids and rows[ONE] == WANTED[ONE] else [done.returncode, ids, done.stderr[-400:]])
    return rows


def bz2_zeros(n):
    packer = bz2.BZ2Compressor()
    return b"".join(packer.compress(bytes(MIB)) for _ in range(n)) + packer.flush()


head = LOGS[NAMES[0]]
bombs("a log that goes on with zeros", gzip.compress(head + bytes(30 * MIB)), "archive-ratio")
bombs("zeros that are compressed well", bz2_zeros(60), "archive-ratio")
bombs("a zip of them", zip_bytes({"TCP0001.MS": head + bytes(30 * MIB)}), "archive-ratio")
bombs("layers of gzip", gzip.compress(gzip.compress(gzip.compress(head + bytes(40 * MIB)))), "archive-ratio")
rows = bombs("what was read before is kept", tar_bytes({NAMES[1]: LOGS[NAMES[1]], "big": gzip.compress(bytes(MIB)), NAMES[2]: LOGS[NAMES[2]]}), "archive-size", "--max-size", "1K")
sparse = io.BytesIO()
tap.write("sparse", b"")
os.truncate("sparse", 1 << 40)
bsdtar("sparse.tar", "--format", "pax", "sparse")
bombs("a hole of a terabyte", tap.read("sparse.tar").replace(b"sparse", b"tcp0.m", 0), "no-logs-inside")
bombs("more bytes than --max-size", gzip.compress(BIG), "archive-size", "--max-size", "10K")
bombs("more than --max-ratio", gzip.compress(b"Dear diary\n" * 1700000), "archive-ratio", "--max-ratio", "20")
bombs("more entries than --max-entries", tar_bytes(files), "archive-entries", "--max-entries", "7")
bombs("folders count as entries", bytes().join(tarfile.TarInfo(f"{i}/").tobuf() for i in range(50)), "archive-entries", "--max-entries", "49")
deep = head
for _ in range(9):
    deep = gzip.compress(deep)
bombs("deeper than --max-depth", deep, "archive-depth")
nested("as deep as --max-depth", gzip.compress(tar_bytes({"in": zip_bytes(inner)})), {f"in!/{name}": name for name in NAMES[:2]}, 0, (), "--max-depth", "3")
done = nested("too deep in one of two", tar_bytes({"in.zip": zip_bytes(inner), NAMES[1]: LOGS[NAMES[1]]}), {NAMES[1]: NAMES[1]}, 1, ["archive-depth"], "--max-depth", "1")
tap.check("which is named", [] if b"nested!/in.zip: " in done.stderr else [done.stderr])
kept = convert("--max-entries", "2", "a.tar", "-q")
tap.check("what stands in front of a cap is kept", [] if len(placed(records(kept))) == 1 else [kept.stderr])
for words in (["--max-size", "x"], ["--max-size", "0"], ["--max-size", "5Q"], ["--max-size", "99999999999T"], ["--max-depth", "33"], ["--max-ratio", "-1"], ["--max-entries", ""]):
    tap.check(f"usage: {words}", [] if tap.run("convert", *words, ONE).returncode == 2 else ["taken"])

# --- names ----------------------------------------------------------------------------------------------------------

HOSTILE = ["../../evil/TCP0001.MS", "/etc/TCP0001.MS", "a/\x1b[31mred\x07/TCP0001.MS", "new\nline/TCP0001.MS", "x" * 300 + "/TCP0001.MS", "y/" * 3000 + "TCP0001.MS",
           "käse/TCP0001.MS", "\u202eevil/TCP0001.MS", "-rf", "%s%n"]
before = sorted(os.listdir(WORK)), sorted(os.listdir("/tmp"))
hostile = {name: LOGS[NAMES[0]] for name in HOSTILE}
for what, data in (("tar", tar_bytes(hostile, format=tarfile.PAX_FORMAT)), ("zip", zip_bytes(hostile))):
    done = convert(tap.write("a.tar", data))
    shown = list(placed(records(done)))
    tap.check(f"names in a {what} come out as they are, or cut where they are very long",
              [f"{a!r}: {b[:60]!r}" for a, b in zip(shown, HOSTILE) if a != b and not (len(b) > 4095 and a == b[:4095])] + ([] if len(shown) == len(HOSTILE) else [len(shown), done.stderr]))
    told = convert("--max-ratio", "1", tap.write("a.tar", data + b"\0")).stderr + tap.run("explain", "a.tar").stdout
    odd = [character for character in told.decode("utf-8") if ord(character) < 32 and character not in "\n" or 127 <= ord(character) < 160 or character == "\u202e"]
    tap.check("and nothing that moves a cursor gets to a terminal", odd)
raw = tar_bytes({"k\udce4se\udcff/TCP0001.MS": LOGS[NAMES[0]]}, format=tarfile.GNU_FORMAT, encoding="utf-8", errors="surrogateescape")
shown = list(placed(records(convert(tap.write("a.tar", raw)))))
tap.check("a name that is no UTF-8 is read as Latin-1", [] if shown == ["käseÿ/TCP0001.MS"] else [shown])
tap.check("nothing is written to disk", [] if before[0] == sorted(os.listdir(WORK)) and not os.path.exists("../evil") else [os.listdir(WORK)])

links = {}
for name, kind in (("TCP0001.MS", tarfile.SYMTYPE), ("TCP0002.MS", tarfile.LNKTYPE), ("TCP0003.MS", tarfile.CHRTYPE), ("TCP0004.MS", tarfile.FIFOTYPE), ("TCP0005.MS", tarfile.DIRTYPE)):
    links[name] = tarfile.TarInfo(name)
    links[name].type, links[name].linkname = kind, "/etc/passwd"
done = convert(pack_tar("links.tar", {**links, NAMES[0]: LOGS[NAMES[0]]}))
tap.check("links and devices are passed over", faults_of(done, {NAMES[0]: WANTED[ONE]}))
tap.check("and counted, folders not", [] if b"passed over    4 files" in done.stderr else [done.stderr])

# --- signals --------------------------------------------------------------------------------------------------------

endless = tarfile.TarInfo("movie.mpg")
endless.size = (1 << 33) - 1
size = 512 * (2 + -(-len(LOGS[NAMES[0]]) // 512))
tap.write("endless", tar_bytes({NAMES[0]: LOGS[NAMES[0]]})[:size - 512] + endless.tobuf())
reader = subprocess.Popen(["bash", "-c", 'exec "$0" convert -k all -o stopped.jsonl - < <(head -c "$1" endless; exec yes)', tap.TCPLOG, str(size)], stderr=subprocess.PIPE)
time.sleep(1)
reader.send_signal(signal.SIGINT)
try:
    told = reader.communicate(timeout=30)[1]
except subprocess.TimeoutExpired:
    reader.kill()
    told = b"it goes on"
tap.check("a signal ends what is passed over, too", [] if reader.returncode == 130 and b"damaged" not in told and not os.path.exists("stopped.jsonl") else [reader.returncode, told])

# --- folders --------------------------------------------------------------------------------------------------------

os.makedirs("mixed")
tap.write("mixed/1.zip", zip_bytes({"a.txt": b"x\n", "b.txt": b"y\n"}))
tap.write("mixed/2.tgz", gzip.compress(tar_bytes(inner)))
tap.write("mixed/3.gz", gzip.compress(b"Dear diary\n"))
shutil.copy(ONE, "mixed/TCP9999.MC")
done = convert("mixed")
tap.check("in a folder archives with logs are read, others passed over",
          faults_of(done, {NAMES[0]: WANTED[ONE], NAMES[1]: WANTED["logs/" + NAMES[1]], "mixed/TCP9999.MC": WANTED[ONE]}))
tap.check("what is in those is counted", [] if b"passed over    3 files" in done.stderr else [done.stderr])
done = convert("mixed/1.zip")
tap.check("one without logs that is named is refused", [] if done.returncode == 1 and b"mixed/1.zip: There is no session log in this archive. [no-logs-inside]" in done.stderr else [done.stderr])

for number in range(40):
    shutil.copy(["a.zip", "mixed/2.tgz", "a.tar.bz2", ONE, "letter.txt.gz", "secret.zip", f"{DATED}.xz", "cut"][number % 8], f"mixed/{number:02}")
alone, together = (tap.run("convert", "-k", "all", "-j", jobs, "mixed") for jobs in "14")
tap.check("no byte depends on the number of threads", [] if (alone.stdout, alone.stderr, alone.returncode) == (together.stdout, together.stderr, 1) else [alone.stderr, together.stderr])

os.makedirs("exports")
done = tap.run("convert", "-k", "all", "-o", "exports/", "a.tar.gz", "mixed/1.zip", ONE)
tap.check("in a folder of exports an archive has one, with all that is in it",
          faults_of(subprocess.CompletedProcess([], 0, tap.read("exports/a.tar.gz.jsonl"), b""), WANTED) + [name for name in os.listdir("exports") if name == "mixed"])
again = tap.run("convert", "-k", "all", "-o", "exports/", "a.tar.gz", ONE)
tap.check("and is not converted again", [] if b"-> 0 records" in again.stderr else [again.stderr])

# --- memory ---------------------------------------------------------------------------------------------------------

if not tap.SANITIZED:
    for tool in ("generate", "measure"):
        subprocess.run([os.environ.get("CC", "cc"), "-std=c17", "-D_GNU_SOURCE", "-O2", "-o", tool, os.path.join(tap.TESTS, f"bench/{tool}.c")], check=True)

    def peak(megabytes):
        """KiB at most, of a .tar.gz with one log of that size, by a pipe."""
        make = f"./generate one {megabytes}000000 one.log && tar -c one.log | gzip -1 | ./measure -1 {tap.TCPLOG} convert -q -"
        told = subprocess.run(["bash", "-c", make], capture_output=True, check=True).stdout.split()
        return int(told[2]) if told[3] == b"0" else 1 << 30

    small, large = peak(10), peak(80)
    tap.check(f"80 MB in a .tar.gz take less than 1 MiB more than 10 MB, and below 16 MiB ({small}, {large} KiB)", [] if large - small < 1024 and large < 16384 else ["more"])
tap.end()
