"""Postfix, Exim and Dovecot as Debian builds them, on free loopback ports: unpacked, configured, started and stopped.
They are not installed and need no root; as root they are given to nobody's rights. Paths and the user that are compiled
in are replaced by others of the same length, in copies. fakeroot makes Postfix's master believe that it is root.
It decides nothing about what is said to them."""
import ctypes
import glob
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time

import configs

NOBODY = 65534
UID = os.getuid() or NOBODY
GID = os.getgid() if os.getuid() else NOBODY
# The users of Postfix must differ; under fakeroot it is enough that every system has them.
OWNER = "daemon"
START_LIMIT, STOP_LIMIT = 20, 1
PR_SET_CHILD_SUBREAPER = 36


class Failed(Exception):
    """A server does not do what it was started for."""


def free_ports(names):
    """All are held until all are found, so that no two are the same."""
    held = {name: socket.create_server(("127.0.0.1", 0)) for name in names}
    ports = {name: server.getsockname()[1] for name, server in held.items()}
    for server in held.values():
        server.close()
    return ports


def unpack(packages, root):
    debs = [deb for deb in glob.glob(os.path.join(packages, "*.deb")) if not os.path.basename(deb).startswith("libc6_")]
    if not debs:
        raise Failed(f"no packages in {packages}: run contrib/setup e2e")
    for deb in debs:
        subprocess.run(["dpkg-deb", "-x", deb, root], check=True)


def relocate(path, pairs):
    with open(path, "rb") as file:
        old = file.read()
    new = old
    for of, to in pairs:
        new = new.replace(of.encode(), to.encode())
    if new != old:
        with open(path, "wb") as file:
            file.write(new)


def replacements(home):
    """Compiled-in text and what stands in its place, as long."""
    pairs = [("/usr/lib/dovecot", home + "/d"), ("/usr/lib/postfix", home + "/p"), ("/usr/bin/doveconf", home + "/dc"),
             ("Debian-exim", f"{UID:011}")]
    assert all(len(of) == len(to) for of, to in pairs), pairs
    return pairs


class Servers:
    """`home` is short and as long as compiled-in paths want it: see replacements()."""

    def __init__(self, packages):
        self.home = f"/tmp/e2e-{os.getpid() % 100000:05}"
        os.mkdir(self.home, 0o755)
        self.children, self.ports = [], free_ports(configs.PORTS)
        # What a server leaves behind becomes our child, so that it can be ended and waited for.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.packages = packages

    def path(self, *names):
        return os.path.join(self.home, *names)

    def prepare(self):
        root = self.path("root")
        unpack(self.packages, root)
        shutil.move(os.path.join(root, "usr/lib/dovecot"), self.path("d"))
        shutil.move(os.path.join(root, "usr/lib/postfix"), self.path("p"))
        shutil.move(os.path.join(root, "usr/bin/doveconf"), self.path("dc"))
        for library in glob.glob(root + "/**/*-linux-gnu*/**/*.so*", recursive=True):
            shutil.copy(library, self.path("d"), follow_symlinks=True)
        for top in ("d", "p", "root/usr/sbin", "dc"):
            for path in self.files(top):
                relocate(path, replacements(self.home))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                        "/O=E2E/CN=mail.e2e.example", "-keyout", self.path("key.pem"), "-out", self.path("cert.pem")],
                       check=True, capture_output=True)

    def files(self, top):
        found = [self.path(top)] if os.path.isfile(self.path(top)) else []
        found += [os.path.join(folder, name) for folder, _, names in os.walk(self.path(top)) for name in names]
        return [path for path in found if not os.path.islink(path)]

    def configure(self):
        for name in configs.FOLDERS:
            os.makedirs(self.path(name), exist_ok=True)
        known = {"home": self.home, "uid": UID, "gid": GID, "owner": OWNER, "user": pwd.getpwuid(UID).pw_name,
                 "group": grp.getgrgid(GID).gr_name}
        for name, text in configs.files(**known, **self.ports).items():
            with open(self.path(name), "w", encoding="ascii") as file:
                file.write(text)
        for user, mails in configs.MAILS.items():
            for number, mail in enumerate(mails, 1):
                self.deliver(user, f"{1400000000 + number}.M{number}P1.e2e", mail)
        for folder, _, names in os.walk(self.home):
            for path in [folder] + [os.path.join(folder, name) for name in names]:
                os.chown(path, UID, GID, follow_symlinks=False)

    def deliver(self, user, name, mail):
        """Into the user's maildir: first beside it, then in one step, so that nobody sees half a mail."""
        for part in ("tmp", "new", "cur"):
            os.makedirs(self.path("mail", user, "Maildir", part), exist_ok=True)
        beside = self.path("mail", user, "Maildir", "tmp", name)
        with open(beside, "w", encoding="utf-8") as file:
            file.write(mail)
        os.chown(beside, UID, GID)
        os.rename(beside, self.path("mail", user, "Maildir", "new", name))

    def spawn(self, name, *command, **more):
        environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LD_LIBRARY_PATH": self.path("d"), **more}
        as_user = {} if os.getuid() else {"user": UID, "group": GID, "extra_groups": []}
        with open(self.path("log", name + ".out"), "wb") as out:
            child = subprocess.Popen(command, cwd=self.home, env=environment, stdin=subprocess.DEVNULL, stderr=out,
                                     stdout=subprocess.PIPE if name == "faked" else out, start_new_session=True, **as_user)
        self.children.append(child)
        return child

    def start(self):
        self.prepare()
        self.configure()
        self.spawn("dovecot", self.path("root/usr/sbin/dovecot"), "-F", "-c", self.path("dovecot.conf"))
        self.spawn("exim", self.path("root/usr/sbin/exim4"), "-bdf", "-C", self.path("exim.conf"))
        self.start_postfix()
        for port in self.ports.values():
            self.await_port(port)

    def start_postfix(self):
        faked = self.spawn("faked", self.path("root/usr/bin/faked-tcp"), "--foreground")
        key = faked.stdout.readline().decode().split(":")[0]
        faked.stdout.close()
        library = glob.glob(self.path("root/usr/lib/*/libfakeroot/libfakeroot-tcp.so"))
        if not key.isdigit() or not library:
            raise Failed("fakeroot does not start")
        fake = {"FAKEROOTKEY": key, "LD_PRELOAD": library[0]}
        own = self.spawn("chown", "chown", "-R", OWNER, self.path("data"), self.path("spool"), **fake)
        if own.wait(START_LIMIT):
            raise Failed("fakeroot does not work")
        self.spawn("postfix", self.path("p/sbin/master"), "-c", self.path("etc"), "-d", **fake)

    def await_port(self, port):
        until = time.monotonic() + START_LIMIT
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        name = next(name for name, number in self.ports.items() if number == port)
        raise Failed(f"nobody listens for {name}\n{self.logs()}")

    def logs(self):
        """The last words of each server, for a failure's report."""
        texts = []
        for path in sorted(glob.glob(self.path("log", "*"))):
            with open(path, encoding="utf-8", errors="replace") as file:
                texts.append(f"{os.path.basename(path)}:\n{file.read()[-1500:]}")
        return "\n".join(texts)

    def stop(self):
        """Asked first, then by force, with whatever they left behind; then their folder goes."""
        for child in [child for child in self.children if child.poll() is None]:
            child.terminate()
        until = time.monotonic() + STOP_LIMIT
        while offspring() and time.monotonic() < until:
            reap()
            time.sleep(0.02)
        while offspring():
            for pid in offspring():
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        shutil.rmtree(self.home, ignore_errors=True)


def offspring():
    """Processes whose parent we are, orphans of the servers among them."""
    found = []
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            found.append(int(path.split("/")[2]))
    return found


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
