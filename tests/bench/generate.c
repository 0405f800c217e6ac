/* Writes session logs to measure with: Pegasus Mail's SMTP and POP3 sessions, most of the new library and a
 * share of the old, in the proportions of a busy office. Seeded and deterministic: the same command writes
 * the same bytes on every machine, and a shorter `one` is a prefix of a longer one. Chance and calendar are
 * in pen.h, the mails in mail.h. It does not know the parser, and proves nothing about its correctness.
 *
 *   generate one BYTES FILE | generate old BYTES FILE | generate small COUNT DIRECTORY | generate corpus BYTES DIRECTORY
 *
 * `old`: all of the old library, and as it really prints: its milliseconds come from a counter that began with the computer,
 * which is switched on each morning. In the other forms the two agree, so that scripts can do the same work. */
#include "mail.h"

#include <stdlib.h>
#include <sys/stat.h>

#define BEGINNING (INT64_C(16139) * DAY + 7 * HOUR) /* 10 March 2014: the week of Pegasus Mail 4.70 */

/* One whose short logs do not begin with a giant attachment: all sizes come out as they were asked for. */
enum { SEED = 11 };

static const char *const hosts[] = { "tern.example", "godwit.example", "marlow.example", "oldisp.example" };

/* What a big provider calls a transaction. */
static uint32_t ticket(struct log *log)
{
    return below(log, 1000000);
}

/* --- sessions ------------------------------------------------------------------------------------------- */

static void opening(struct log *log, const char *service)
{
    char text[80];

    write_line(log, "", text, banner(log, "--- %s ---", text, sizeof text));
    say(log, REMARK, "Connect to '%s.%s', timeout 30 seconds.", service, log->host);
    log->now += log->old ? SECOND : 200 + below(log, 900);
}

static void closing(struct log *log)
{
    char text[80];

    log->now += below(log, 17); /* first, for the banner shows the time of its own line */
    write_line(log, "", text, banner(log, "--- Connection closed normally at %s. ---", text, sizeof text));
}

static void tls(struct log *log, const char *service)
{
    say(log, REMARK, "[*] SSL/TLS session established");
    say(log, REMARK, "[*] ECDHE-RSA-AES128-GCM-SHA256, TLSv1.2, Kx=ECDH, Au=RSA, Enc=AESGCM(128), Mac=AEAD");
    say(log, REMARK, "[*] Peer's certificate name is '/C=NZ/L=Dunedin/O=Post Ltd/CN=%s.%s'.", service,
        log->host);
}

static void hello(struct log *log, bool offer_tls)
{
    say(log, CLIENT, "EHLO [192.0.2.%u]", 1 + below(log, 250));
    say(log, SERVER, "250-mx1.%s at your service", log->host);
    say(log, FURTHER, "250-SIZE 35882577");
    say(log, FURTHER, "250-8BITMIME");
    if (offer_tls)
        say(log, FURTHER, "250-STARTTLS");
    say(log, FURTHER, "250-AUTH LOGIN PLAIN");
    say(log, FURTHER, "250-ENHANCEDSTATUSCODES");
    say(log, FURTHER, "250 SMTPUTF8");
}

static bool login(struct log *log)
{
    say(log, CLIENT, "AUTH LOGIN");
    say(log, SERVER, "334 VXNlcm5hbWU6");
    say(log, CLIENT, "aWRhLm1vc3M%08X", below(log, UINT32_MAX));
    say(log, SERVER, "334 UGFzc3dvcmQ6");
    say(log, CLIENT, "UGFzc3dvcmQt%08X", below(log, UINT32_MAX));
    const bool refused = percent(log, 3);
    say(log, SERVER, "%s", refused ? "535 5.7.8 Error: authentication failed" : "235 2.7.0 Accepted");
    return !refused;
}

/* true if anybody is left to send to */
static bool recipients(struct log *log)
{
    static const char *const refusals[] = {
        "550 5.1.1 No such user here",
        "451 4.7.1 Greylisted, please try again later",
        "550 5.7.1 Relaying denied",
    };
    uint32_t accepted = 0;

    for (uint32_t left = 1 + below(log, 3) / 2; left; left--) {
        const bool refused = percent(log, 5);

        say(log, CLIENT, "RCPT TO:<%s@godwit.example>", user(log));
        say(log, SERVER, "%s", refused ? refusals[below(log, COUNT(refusals))] : "250 2.1.5 OK");
        accepted += !refused;
    }
    return accepted > 0;
}

static void send_mail(struct log *log)
{
    const uint32_t size = 700 + below(log, 9000);

    say(log, CLIENT, "MAIL FROM:<%s@%s> SIZE=%u", user(log), log->host, size);
    say(log, SERVER, "250 2.1.0 OK k7si%u.58 - ts", ticket(log));
    if (!recipients(log)) {
        say(log, CLIENT, "RSET");
        say(log, SERVER, "250 2.0.0 Flushed");
        return;
    }
    say(log, CLIENT, "DATA");
    say(log, SERVER, "354  Go ahead k7si%u.58 - ts", ticket(log));
    log->now += below(log, 17);
    mail(log, "<< ");
    say(log, CLIENT, ".");
    if (percent(log, 2))
        say(log, SERVER, "554 5.7.1 Message rejected as \"spam\"");
    else
        say(log, SERVER, "250 2.0.0 OK 1407354110 queued as k7si%u.58", ticket(log));
}

static void smtp_session(struct log *log)
{
    const bool starttls = !log->old && percent(log, 40);

    opening(log, "smtp");
    if (!log->old && !starttls)
        tls(log, "smtp");
    say(log, SERVER, "220 mx1.%s ESMTP k7si%u.58 - ts", log->host, ticket(log));
    hello(log, starttls);
    if (starttls) {
        say(log, CLIENT, "STARTTLS");
        say(log, SERVER, "220 2.0.0 Ready to start TLS");
        tls(log, "smtp");
        hello(log, false);
    }
    if (login(log))
        for (uint32_t left = log->small || percent(log, 80) ? 1 : 3; left; left--)
            send_mail(log);
    say(log, CLIENT, "QUIT");
    say(log, SERVER, "221 2.0.0 closing connection k7si%u.58 - ts", ticket(log));
    if (!log->old)
        say(log, REMARK, "[!] Warning: SSL connection improperly closed by remote host.");
    closing(log);
}

static void fetch_mails(struct log *log, uint32_t mails)
{
    say(log, CLIENT, "LIST");
    say(log, SERVER, "+OK %u messages:", mails);
    for (uint32_t i = 1; i <= mails; i++)
        say(log, FURTHER, "%u %u", i, 1500 + below(log, 9000));
    say(log, FURTHER, ".");
    for (uint32_t i = 1; i <= mails; i++) {
        say(log, CLIENT, "RETR %u", i);
        say(log, SERVER, "+OK %u octets", 1500 + below(log, 9000));
        log->now += below(log, 17);
        mail(log, ">> ");
        say(log, FURTHER, ".");
        say(log, CLIENT, "DELE %u", i);
        say(log, SERVER, "%s",
            percent(log, 1) ? "-ERR [SYS/TEMP] mailbox is read only" : "+OK Marked to be deleted.");
    }
}

static void pop_session(struct log *log)
{
    const uint32_t mails = log->small ? 1 : percent(log, 45) ? 0 : 1 + below(log, 4);
    const bool refused = percent(log, 3);

    opening(log, "pop");
    if (!log->old)
        tls(log, "pop");
    say(log, SERVER, "+OK POP3 %s ready.", log->host);
    say(log, CLIENT, "USER %s", user(log));
    say(log, SERVER, "+OK");
    say(log, CLIENT, "PASS gull-Heron-%u", below(log, 10000));
    say(log, SERVER, "%s", refused ? "-ERR [AUTH] Authentication failed." : "+OK Logged in.");
    if (!refused) {
        say(log, CLIENT, "STAT");
        say(log, SERVER, "+OK %u %u", mails, mails * 2201);
        if (mails)
            fetch_mails(log, mails);
    }
    say(log, CLIENT, "QUIT");
    say(log, SERVER, "+OK Bye-bye.");
    closing(log);
}

/* The next session begins minutes later, and in office hours, so that none runs through midnight. */
static bool plan(struct log *log)
{
    log->now += 5 * SECOND + below(log, 240 * SECOND);
    if (log->now % DAY > 22 * HOUR) {
        log->now += DAY - log->now % DAY + 7 * HOUR + below(log, MINUTE);
        if (log->only_old)
            log->phase = below(log, SECOND);
    }
    log->old = percent(log, 15) || log->only_old;
    log->host = hosts[below(log, COUNT(hosts))];
    return percent(log, 50);
}

static void session(struct log *log, bool smtp)
{
    (smtp ? smtp_session : pop_session)(log);
}

/* --- files ---------------------------------------------------------------------------------------------- */

static void open_file(struct log *log, const char *path)
{
    log->file = fopen(path, "wb");
    if (!log->file) {
        perror(path);
        exit(1);
    }
}

static void close_file(struct log *log)
{
    log->failed |= ferror(log->file) != 0;
    log->failed |= fclose(log->file) != 0;
}

static void one_file(struct log *log, uint64_t bytes, const char *path)
{
    open_file(log, path);
    setvbuf(log->file, NULL, _IOFBF, 1 << 18);
    while (log->bytes < bytes)
        session(log, plan(log));
    close_file(log);
}

/* A file a session, until `bytes` are written or `count` files are. N counts the sessions of one minute. */
static void many_files(struct log *log, uint64_t bytes, uint64_t count, const char *directory)
{
    char path[4096];
    int64_t minute = 0;
    unsigned number = 0;

    mkdir(directory, 0777);
    for (uint64_t i = 0; i < count && log->bytes < bytes; i++) {
        const bool smtp = plan(log);
        const struct date d = date_of(log->now);

        number = log->now / MINUTE == minute ? number + 1 : 0;
        minute = log->now / MINUTE;
        snprintf(path, sizeof path, "%s/TCP-%02d%02d%02d-%02d%02d-%u.%s", directory, d.year % 100, d.month,
                 d.day, d.hour, d.minute, number, smtp ? "smtp" : "pop");
        open_file(log, path);
        session(log, smtp);
        close_file(log);
    }
}

int main(int argc, char **argv)
{
    struct log log = { .seed = SEED, .now = BEGINNING };

    if (argc != 4) {
        fputs("usage: generate one|old BYTES FILE | small COUNT DIRECTORY | corpus BYTES DIRECTORY\n",
              stderr);
        return 2;
    }
    const uint64_t amount = strtoull(argv[2], NULL, 10);

    log.only_old = strcmp(argv[1], "old") == 0;
    if (log.only_old || strcmp(argv[1], "one") == 0) {
        log.phase = log.only_old ? 666 : 0;
        one_file(&log, amount, argv[3]);
    } else if (strcmp(argv[1], "small") == 0) {
        log.small = true;
        many_files(&log, UINT64_MAX, amount, argv[3]);
    } else {
        many_files(&log, amount, UINT64_MAX, argv[3]);
    }
    if (log.failed)
        fputs("generate: not everything could be written\n", stderr);
    return log.failed;
}
