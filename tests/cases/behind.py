#!/usr/bin/env python3
"""What stands behind an end, or behind a damage, in what logs are packed in: another archive, junk, the other members. None of
it is lost without a word, and what is told names the right thing."""
import sys

sys.dont_write_bytecode = True
import bz2
import gzip
import io
import lzma
import os
import re
import subprocess
import tarfile
import zipfile
import zlib

import tap

os.chdir(tap.folder())
LOGS = {f"TCP{number:04d}.MS": (f"21:41:43.760: --- 6 Aug 2014, 21:41:43.760 ---\n21:41:43.800: << 220 host{number}.example ESMTP\n" + "".join(
    f"21:41:44.{line:03d}: >> RCPT TO:<a{number * 7919 + line * line}@example.com>\n21:41:44.{line:03d}: << 250 OK {line * 31 % 17}\n" for line in range(99))).encode() for number in range(3)}
ONE, TWO, THREE = LOGS
PLAIN = {}


def convert(data, name="x"):
    return tap.run("convert", "-q", "-k", "all", tap.write(name, data))


def read(done):
    """What came of each member, apart from where it was."""
    found = {}
    for row in tap.jsonl(done.stdout):
        row.pop("source_file")
        found.setdefault(row.pop("source_member", None), []).append(row)
    return found


def told(done):
    return re.findall(r"^tcplog: (.*?): .*\[((?:archive|out-of)-[a-z-]+)\]$", done.stderr.decode(), re.M)


def check(what, data, members, problems=()):
    done = convert(data)
    came = read(done)
    faults = [f"{name} is not as the plain log" for name in members if came.get(name) != PLAIN[name.rpartition("/")[2]]]
    if list(came) != list(members) or told(done) != list(problems) or done.returncode != bool(problems):
        faults.append(f"exit {done.returncode}, {list(came)}, {told(done)}: {done.stderr[-400:]}")
    tap.check(what, faults)


def tar(*names, folder=""):
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        for name in names:
            info = tarfile.TarInfo(folder + name)
            info.size = len(LOGS[name])
            archive.addfile(info, io.BytesIO(LOGS[name]))
    return whole.getvalue()


class Pipe(io.RawIOBase):
    """What cannot be gone back in: zipfile writes descriptors behind its members then."""

    def __init__(self):
        self.whole = b""

    def writable(self):
        return True

    def write(self, data):
        self.whole += bytes(data)
        return len(data)


def zipped(method=zipfile.ZIP_DEFLATED, files=None, pipe=False):
    target = Pipe() if pipe else io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in (files or LOGS).items():
            archive.writestr(name, content)
    return target.whole if pipe else target.getvalue()


def headers(data):
    return [found.start() for found in re.finditer(b"PK\3\4", data)]


def flipped(data, at, mask=1):
    return data[:at] + bytes([data[at] ^ mask]) + data[at + 1:]


def zstd(data, *words):
    return subprocess.run(["zstd", "-q", "-c", *words], input=data, capture_output=True, check=True).stdout


for name, content in LOGS.items():
    PLAIN[name] = read(convert(content, name=name))[None]

# --- behind the end of a tar ----------------------------------------------------------------------------------------

both = tar(ONE, folder="a/") + tar(TWO, THREE, folder="b/")
wanted = [f"a/{ONE}", f"b/{TWO}", f"b/{THREE}"]
check("two tars behind each other are one", both, wanted)
check("compressed, too", gzip.compress(both), wanted)
check("with any zeros between", tar(ONE, folder="a/") + bytes(300000) + tar(TWO, THREE, folder="b/"), wanted)
check("zeros are no junk", tar(*LOGS) + bytes(300007), LOGS)
with subprocess.Popen(["cat", tap.write("both.tar", both)], stdout=subprocess.PIPE) as pipe:
    done = tap.run("convert", "-q", "-k", "all", "-", stdin=pipe.stdout)
tap.check("by a pipe", [] if list(read(done)) == wanted and done.returncode == 0 else [done.stderr])
for what, junk in (("a little", b"junk"), ("much", b"junk" * 99999)):
    check(f"{what} junk behind a tar is told", tar(*LOGS) + junk, LOGS, [("x", "archive-trailing")])
check("and in a gzip", gzip.compress(tar(*LOGS) + b"junk"), LOGS, [("x", "archive-trailing")])
check("the second of two may be cut", both[:10240 + 512], [f"a/{ONE}"], [(f"x!/b/{TWO}", "archive-damaged")])

# --- behind a damage in a zip ---------------------------------------------------------------------------------------

for pipe in (False, True):
    whole = zipped(pipe=pipe)
    first, second, third = headers(whole)
    form = "a zip by a pipe" if pipe else "a zip"
    check(f"{form} is sound", whole, LOGS)
    for at in range(4):
        for start, rest in ((second, [ONE, THREE]), (third, [ONE, TWO])):
            check(f"{form}: byte {at} of a signature is told of", flipped(whole, start + at), rest, [("x", "archive-damaged")])
    done = convert(flipped(whole, second + 100, 0x55))
    tap.check(f"{form}: behind a member that cannot be read the next one is", [] if list(read(done))[-1] == THREE and read(done)[THREE] == PLAIN[THREE] and told(done)[0][1] == "archive-damaged" else [done.stderr])
whole = zipped()
for step in (1, 27, 1000):
    feeder = subprocess.Popen([tap.TCPLOG, "convert", "-q", "-k", "all", "--name", "x", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
    torn = flipped(whole, headers(whole)[2])
    for at in range(0, len(torn), step):
        feeder.stdin.write(torn[at:at + step])
    out, err = feeder.communicate()
    tap.check(f"and by a pipe that gives {step} bytes at a time", [] if out.count(b'"kind":"session"') == 2 and b"[archive-damaged]" in err else [err])
start = whole.index(b"PK\1\2")
check("signatures of an Android program are no damage", whole[:start] + (4096).to_bytes(8, "little") + b"\7" * 4088 + whole[start:], LOGS)
sealed = zipped().replace(b"PK\3\4\x14\0\0", b"PK\3\4\x14\0\1", 1)
check("a damage behind what is encrypted is none", flipped(sealed, headers(sealed)[2]), [TWO], [("x", "archive-damaged"), (f"x!/{ONE}", "archive-encrypted")])
for what, method in (("bzip2", zipfile.ZIP_BZIP2), ("lzma", zipfile.ZIP_LZMA)):
    check(f"a zip with {what}", zipped(method), LOGS)
    check(f"a zip with {what} by a pipe cannot be read, but is not damaged", zipped(method, pipe=True), [], [(f"x!/{ONE}", "archive-unknown")])

# --- lines ----------------------------------------------------------------------------------------------------------

packed = {f"{name}.gz": gzip.compress(content) for name, content in LOGS.items()}
cut = {name: content[:-9 - 99 * i] for i, (name, content) in enumerate(packed.items())}
lines = zlib.decompressobj(31).decompress(cut[f"{ONE}.gz"]).count(b"\n") + 1
done = convert(zipped(zipfile.ZIP_STORED, cut))
tap.check("the line of a damage is one of the member that is named", [] if told(done) == [(f"x!/{ONE}.gz:{lines}", "archive-damaged")] or told(done) == [(f"x!/{ONE}.gz:{lines - 1}", "archive-damaged")] else [done.stderr])
check("what was never read has no line", sealed, [TWO, THREE], [(f"x!/{ONE}", "archive-encrypted")])

# --- compressions ---------------------------------------------------------------------------------------------------

PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstd}
for suffix, pack in PACKERS.items():
    done = tap.run("convert", tap.write(f"TCP0001.MS.{suffix}", pack(b"")))
    tap.check(f"{suffix}: of an empty log nothing is told but that it is empty", [] if done.returncode == 0 and done.stderr.startswith(b"tcplog: 1 file, 0 sessions") else [done.stderr])
skipped = b"\x5e*M\x18" + (5).to_bytes(4, "little") + b"hello"
done = convert(skipped + zstd(LOGS[ONE]), name=f"{ONE}.zst")
tap.check("zstd with something to skip in front", [] if read(done).get(None) == PLAIN[ONE] else [done.stderr])
half = LOGS[ONE].index(b"\n", len(LOGS[ONE]) // 2) + 1
halves = [gzip.compress(LOGS[ONE][:half]), gzip.compress(LOGS[ONE][half:])]
for what, at in (("checksum", -8), ("length", -1)):
    done = convert(flipped(halves[0], len(halves[0]) + at) + halves[1], name=f"{ONE}.gz")
    tap.check(f"behind a gzip with a wrong {what} the next one is read, and it is told", [] if read(done).get(None) == PLAIN[ONE] and [id_ for _, id_ in told(done)] == ["archive-damaged"] else [done.stderr])
done = convert(halves[0][:3] + b"\x20" + halves[0][4:])
tap.check("a gzip with a flag that nobody knows is not read", [] if done.returncode == 1 and not done.stdout else [done.stdout[:99]])
if not tap.SANITIZED:
    done = convert(zstd(bytes(300 << 20), "--long=30"))
    tap.check("a zstd that takes too much memory is not damaged", [] if [id_ for _, id_ in told(done)] == ["archive-unknown"] else [done.stderr])
tap.end()
