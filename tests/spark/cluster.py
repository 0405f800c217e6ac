"""A Spark of two workers on loopback, as long as one job runs: `local-cluster` starts executors as processes of their own,
each with one core and 1 GiB, to which files are shipped and which can be killed. It owns starting a job, looking at its
processes and ending them; what the job should make is for `run` to say."""
import collections
import os
import re
import signal
import subprocess
import time

CLUSTER, ONE_PROCESS = "local-cluster[2,1,1024]", "local[1]"
EXECUTOR = b"CoarseGrainedExecutorBackend"
LIMIT = 480

Done = collections.namedtuple("Done", "code said wall executors")  # executors: tasks finished, by number of the executor


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:  # the process is gone
        return b""


def processes(session):
    """{process id: command line} of all in a session: whoever a job starts stays in it. The dead that wait for their
    parents have no command line."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        status = read(f"/proc/{name}/stat").rpartition(b")")[2].split()
        if len(status) > 3 and int(status[3]) == session:
            found[int(name)] = read(f"/proc/{name}/cmdline")
    return {process: command for process, command in found.items() if command}


class Cluster:
    """Spark wants to write beside itself, so it gets a home of links in a folder that is gone afterwards."""

    def __init__(self, venv, folder, as_user):
        self.folder, self.as_user = folder, as_user
        self.submit = os.path.join(venv, "bin", "spark-submit")
        self.home = os.path.join(folder, "spark")
        os.mkdir(self.home)
        package = subprocess.run([os.path.join(venv, "bin", "python"), "-Bc", "import pyspark; print(pyspark.__path__[0])"],
                                 capture_output=True, text=True, check=True).stdout.strip()
        for name in os.listdir(package):
            os.symlink(os.path.join(package, name), os.path.join(self.home, name))
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "PYSPARK_", "HADOOP_"))},
            "SPARK_HOME": self.home, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": os.path.join(folder, "local"),
            "PYSPARK_PYTHON": os.path.join(venv, "bin", "python"), "PYTHONDONTWRITEBYTECODE": "1", "HOME": folder,
            "TMPDIR": folder, "LC_ALL": "C.UTF-8"}

    def run(self, master, words, meddle=None):
        """Runs spark-submit to its end. meddle(executors) is asked again and again while it runs, until it answers true."""
        command = [*self.as_user, self.submit, "--master", master, "--driver-memory", "512m",
                   "--conf", "spark.ui.enabled=false", "--conf", f"spark.driver.extraJavaOptions=-Djava.io.tmpdir={self.folder}",
                   *words]
        said, begun = os.path.join(self.folder, "said"), time.monotonic()
        with open(said, "wb") as log:
            job = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=log, start_new_session=True)
        try:
            watch(job, begun + LIMIT, meddle)
        finally:
            left = end_all(job.pid)
            job.wait()
        text = read(said).decode("utf-8", "replace") + "".join(f"\nleft behind: {command}" for command in left)
        finished = re.findall(r"Finished task .*\(executor (\w+)\)", text)
        return Done(job.returncode, text, time.monotonic() - begun, collections.Counter(finished))


def watch(job, until, meddle):
    while job.poll() is None:
        if time.monotonic() > until:
            raise TimeoutError(f"the job takes more than {LIMIT} seconds")
        executors = [process for process, command in processes(job.pid).items() if EXECUTOR in command]
        if meddle and meddle(executors):
            meddle = None
        time.sleep(0.02)


def end_all(session, patience=60):
    """Command lines of those that outlived the job by more than a minute; they are ended."""
    until = time.monotonic() + patience
    while processes(session) and time.monotonic() < until:
        time.sleep(0.1)
    left = processes(session)
    for process in left:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return [command.replace(b"\0", b" ").decode("utf-8", "replace")[:300] for command in left.values()]
