/* Runs one command with its output to /dev/null and prints what it took: wall time in ns, CPU time in ns,
 * peak resident KiB, exit status. A program of its own and not a few lines in `run`, because Linux counts the
 * memory of the process that calls exec as the child's: started from Python, nothing would ever show less
 * than Python's own 12 MiB.
 *
 *   measure CPU COMMAND [ARGUMENT...]      CPU -1: any */
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NOT_STARTED = 127 };

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int64_t nanoseconds(struct timeval time)
{
    return time.tv_sec * INT64_C(1000000000) + time.tv_usec * INT64_C(1000);
}

static void pin(int cpu)
{
    cpu_set_t set;

    if (cpu < 0)
        return;
    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    sched_setaffinity(0, sizeof set, &set); /* refused in a container? then unpinned */
}

static void become(char **command)
{
    const int null = open("/dev/null", O_WRONLY);

    dup2(null, STDOUT_FILENO);
    execvp(command[0], command);
    perror(command[0]);
    _exit(NOT_STARTED);
}

int main(int argc, char **argv)
{
    struct rusage used;
    int status = 0;

    if (argc < 3)
        return 2;
    pin(atoi(argv[1]));
    const int64_t begun = now();
    const pid_t child = fork();
    if (child == 0)
        become(argv + 2);
    if (child < 0 || wait4(child, &status, 0, &used) < 0) {
        perror("measure");
        return 1;
    }
    const int64_t wall = now() - begun, cpu = nanoseconds(used.ru_utime) + nanoseconds(used.ru_stime);
    printf("%" PRId64 " %" PRId64 " %ld %d\n", wall, cpu, used.ru_maxrss,
           WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
