/* Commands of RFC 9051 6 and of its extensions, and how their lines are put together. */
#include "protocol/imap_command.h"

#include "base/decimal.h"
#include "base/quoted.h"
#include "protocol/credentials.h"
#include "protocol/words.h"

/* RFC 9051 6 and 3501 6, and those of extensions: quota, access control, metadata, annotations, sorting, URLAUTH, …
 * UID is a part of the name, for "UID FETCH" is answered as FETCH is. */
static const struct verb verbs[] = {
    { { "CAPABILITY", 10 }, NAMES_phase_capability, 0, IMAP_CAPABILITY },
    { { "ENABLE", 6 }, NAMES_phase_capability, 0, IMAP_PLAIN },
    { { "ID", 2 }, NAMES_phase_capability, 0, IMAP_PLAIN },
    { { "LANGUAGE", 8 }, NAMES_phase_capability, 0, IMAP_PLAIN },
    { { "STARTTLS", 8 }, NAMES_phase_tls, VERB_STARTS_TLS, IMAP_PLAIN },
    { { "LOGIN", 5 }, NAMES_phase_authentication, VERB_AUTHENTICATES | VERB_TAKES_USER, IMAP_LOGIN },
    { { "AUTHENTICATE", 12 }, NAMES_phase_authentication, VERB_AUTHENTICATES, IMAP_AUTHENTICATE },
    { { "UNAUTHENTICATE", 14 }, NAMES_phase_authentication, 0, IMAP_PLAIN },
    { { "SELECT", 6 }, NAMES_phase_mailbox, VERB_LEAVES_BOX, IMAP_SELECT },
    { { "EXAMINE", 7 }, NAMES_phase_mailbox, VERB_LEAVES_BOX, IMAP_SELECT },
    { { "CREATE", 6 }, NAMES_phase_mailbox, 0, IMAP_PLAIN },
    { { "DELETE", 6 }, NAMES_phase_mailbox, 0, IMAP_PLAIN },
    { { "RENAME", 6 }, NAMES_phase_mailbox, 0, IMAP_PLAIN },
    { { "SUBSCRIBE", 9 }, NAMES_phase_mailbox, 0, IMAP_PLAIN },
    { { "UNSUBSCRIBE", 11 }, NAMES_phase_mailbox, 0, IMAP_PLAIN },
    { { "LIST", 4 }, NAMES_phase_mailbox, 0, IMAP_LIST },
    { { "LSUB", 4 }, NAMES_phase_mailbox, 0, IMAP_LIST },
    { { "XLIST", 5 }, NAMES_phase_mailbox, VERB_OPTIONAL, IMAP_LIST },
    { { "RLIST", 5 }, NAMES_phase_mailbox, 0, IMAP_LIST },
    { { "RLSUB", 5 }, NAMES_phase_mailbox, 0, IMAP_LIST },
    { { "NAMESPACE", 9 }, NAMES_phase_mailbox, VERB_OPTIONAL, IMAP_PLAIN },
    { { "STATUS", 6 }, NAMES_phase_mailbox, 0, IMAP_STATUS },
    { { "CHECK", 5 }, NAMES_phase_mailbox, 0, IMAP_PLAIN },
    { { "CLOSE", 5 }, NAMES_phase_mailbox, VERB_LEAVES_BOX, IMAP_PLAIN },
    { { "UNSELECT", 8 }, NAMES_phase_mailbox, VERB_LEAVES_BOX | VERB_OPTIONAL, IMAP_PLAIN },
    { { "EXPUNGE", 7 }, NAMES_phase_mailbox, 0, IMAP_PLAIN },
    { { "UID EXPUNGE", 11 }, NAMES_phase_mailbox, 0, IMAP_PLAIN },
    { { "COPY", 4 }, NAMES_phase_mailbox, 0, IMAP_PLAIN },
    { { "UID COPY", 8 }, NAMES_phase_mailbox, 0, IMAP_PLAIN },
    { { "MOVE", 4 }, NAMES_phase_mailbox, VERB_MOVES, IMAP_PLAIN },
    { { "UID MOVE", 8 }, NAMES_phase_mailbox, VERB_MOVES, IMAP_PLAIN },
    { { "GETQUOTA", 8 }, NAMES_phase_mailbox, VERB_OPTIONAL, IMAP_PLAIN },
    { { "GETQUOTAROOT", 12 }, NAMES_phase_mailbox, VERB_OPTIONAL, IMAP_PLAIN },
    { { "SETQUOTA", 8 }, NAMES_phase_mailbox, 0, IMAP_PLAIN },
    { { "GETACL", 6 }, NAMES_phase_mailbox, VERB_OPTIONAL, IMAP_PLAIN },
    { { "SETACL", 6 }, NAMES_phase_mailbox, 0, IMAP_PLAIN },
    { { "DELETEACL", 9 }, NAMES_phase_mailbox, 0, IMAP_PLAIN },
    { { "LISTRIGHTS", 10 }, NAMES_phase_mailbox, 0, IMAP_PLAIN },
    { { "MYRIGHTS", 8 }, NAMES_phase_mailbox, VERB_OPTIONAL, IMAP_PLAIN },
    { { "GETMETADATA", 11 }, NAMES_phase_mailbox, VERB_OPTIONAL, IMAP_PLAIN },
    { { "SETMETADATA", 11 }, NAMES_phase_mailbox, 0, IMAP_PLAIN },
    { { "GETANNOTATION", 13 }, NAMES_phase_mailbox, VERB_OPTIONAL, IMAP_PLAIN },
    { { "SETANNOTATION", 13 }, NAMES_phase_mailbox, 0, IMAP_PLAIN },
    { { "FETCH", 5 }, NAMES_phase_retrieval, VERB_HANDS_OUT, IMAP_FETCH },
    { { "UID FETCH", 9 }, NAMES_phase_retrieval, VERB_HANDS_OUT, IMAP_FETCH },
    { { "STORE", 5 }, NAMES_phase_retrieval, 0, IMAP_FETCH },
    { { "UID STORE", 9 }, NAMES_phase_retrieval, 0, IMAP_FETCH },
    { { "PARTIAL", 7 }, NAMES_phase_retrieval, VERB_HANDS_OUT, IMAP_FETCH },
    { { "SEARCH", 6 }, NAMES_phase_retrieval, VERB_SEARCHES, IMAP_SEARCH },
    { { "UID SEARCH", 10 }, NAMES_phase_retrieval, VERB_SEARCHES, IMAP_SEARCH },
    { { "ESEARCH", 7 }, NAMES_phase_retrieval, VERB_SEARCHES, IMAP_SEARCH },
    { { "SORT", 4 }, NAMES_phase_retrieval, VERB_SEARCHES, IMAP_SEARCH },
    { { "UID SORT", 8 }, NAMES_phase_retrieval, VERB_SEARCHES, IMAP_SEARCH },
    { { "THREAD", 6 }, NAMES_phase_retrieval, VERB_SEARCHES, IMAP_SEARCH },
    { { "UID THREAD", 10 }, NAMES_phase_retrieval, VERB_SEARCHES, IMAP_SEARCH },
    { { "APPEND", 6 }, NAMES_phase_data, 0, IMAP_APPEND },
    { { "REPLACE", 7 }, NAMES_phase_data, 0, IMAP_APPEND },
    { { "UID REPLACE", 11 }, NAMES_phase_data, 0, IMAP_APPEND },
    { { "GENURLAUTH", 10 }, NAMES_phase_other, 0, IMAP_URLAUTH },
    { { "RESETKEY", 8 }, NAMES_phase_other, 0, IMAP_PLAIN },
    { { "URLFETCH", 8 }, NAMES_phase_other, 0, IMAP_URLAUTH },
    { { "IDLE", 4 }, NAMES_phase_session, VERB_WAITS, IMAP_IDLE },
    { { "NOOP", 4 }, NAMES_phase_session, 0, IMAP_PLAIN },
    { { "NOTIFY", 6 }, NAMES_phase_session, 0, IMAP_PLAIN },
    { { "COMPRESS", 8 }, NAMES_phase_session, 0, IMAP_PLAIN },
    { { "COMPARATOR", 10 }, NAMES_phase_session, 0, IMAP_PLAIN },
    { { "LOGOUT", 6 }, NAMES_phase_quit, VERB_ENDS, IMAP_LOGOUT },
};

enum { VERBS = sizeof(verbs) / sizeof(*verbs) };

/* The verb of "UID word"; the rows without UID are no answer. */
static const struct verb *uid_verb(struct str word)
{
    static const struct str prefix = { "UID ", 4 };
    for (size_t i = 0; i < VERBS; i++)
        if (str_starts(verbs[i].name, prefix) && words_are(word, str_from(verbs[i].name, prefix.n)))
            return &verbs[i];
    return NULL;
}

struct imap_command imap_command(struct str line)
{
    struct str rest = line;
    struct imap_command command = { .tag = words_next(&rest) };
    command.word = words_next(&rest);
    command.verb = words_verb(verbs, VERBS, command.word);
    command.argument = rest;
    if (!command.verb && words_are(command.word, STR("UID"))) {
        struct str second = words_next(&rest);
        command.verb = uid_verb(second);
        if (command.verb) {
            command.word.n = (size_t)(second.p + second.n - command.word.p);
            command.argument = rest;
        }
    }
    return command;
}

/* Visible ASCII that may stand in an atom (RFC 9051 9). */
static bool is_atom(struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] <= ' ' || word.p[i] > '~' || strchr("(){%*\"\\", word.p[i]))
            return false;
    return word.n > 0;
}

bool imap_is_tag(struct str word)
{
    enum { TAG_LONGEST = 32 }; /* nobody counts that far */
    return word.n <= TAG_LONGEST && is_atom(word) && !memchr(word.p, '+', word.n);
}

/* A tag that is longer than a client can count may be anything, as a secret in front of a word that happens to be a
 * verb. */
static bool is_doubtful_tag(struct str tag)
{
    enum { COUNTED_LONGEST = 20 };
    return tag.n > COUNTED_LONGEST && credentials_opaque(tag);
}

bool imap_is_command(struct str line)
{
    struct imap_command command = imap_command(words_beginning(line));
    return command.verb && imap_is_tag(command.tag);
}

/*   ann secret            the word behind the first one
 *   "ann b" "s e"         the same, quotes around either
 *   ann {6}               a literal: only its length stands here
 *   {3}, "ann, secret     not sure: all is masked */
static size_t login_secret(struct str argument, struct str *user)
{
    struct str rest = argument, word = words_next(&rest);
    bool quoted = word.n && word.p[0] == '"';
    if (quoted) {
        size_t end = quoted_end(argument);
        struct str behind = str_from(argument, end);
        rest = words_trim(behind);
        word = end > 2 && behind.n && behind.p[0] == ' ' ? (struct str){ argument.p + 1, end - 2 }
                                                         : (struct str){ 0 };
    }
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < ' ' || word.p[i] > '~')
            return 0;
    /* nothing behind it? then it may be the password itself */
    if (word.n == 0 || rest.n == 0 || (!quoted && !is_atom(word)))
        return 0;
    *user = word;
    return (size_t)(rest.p - argument.p);
}

/* Another command, behind whose tag a credential may stand, or which may name a mail by an address that opens it (RFC 4469). */
static void say_other(const struct imap_command *command, struct str line, struct utterance *said)
{
    size_t n = 0, token = credentials_urlauth(line, &n);
    size_t at = is_doubtful_tag(command->tag) ? 0 : credentials_from(line);
    if (token < at)
        mask_part(said, token, n, line.n);
    else
        mask_from(said, at, line.n);
}

/* Where a command that we know holds a secret; and who logs in, where that stands in clear. */
void imap_say_credentials(const struct imap_command *command, struct str line, struct utterance *said)
{
    size_t argument = (size_t)(command->argument.p - line.p);
    struct str rest = command->argument, word = words_next(&rest);
    bool mechanism = credentials_mechanism(word);
    switch (command->verb->kind) {
    case IMAP_LOGIN:
        said->mechanism = command->verb->name;
        /* "AUTH LOGIN c2VjcmV0" is another protocol's: what looks like a name is the credential */
        if (!words_are(command->tag, STR("AUTH")))
            argument += login_secret(command->argument, &said->user);
        said->user_quoted = command->argument.n && command->argument.p[0] == '"';
        mask_from(said, argument, line.n);
        break;
    case IMAP_AUTHENTICATE:
        said->mechanism = str_upto(word, mechanism ? word.n : 0);
        mask_from(said, mechanism ? (size_t)(rest.p - line.p) : argument, line.n);
        break;
    case IMAP_URLAUTH: mask_from(said, argument, line.n); break;
    default: say_other(command, line, said); break;
    }
}

bool imap_is_sure(const struct imap_command *command)
{
    switch (command->verb->kind) {
    case IMAP_CAPABILITY:
    case IMAP_LOGOUT: return command->argument.n == 0;
    case IMAP_LOGIN:
    case IMAP_AUTHENTICATE:
    case IMAP_SELECT: return command->argument.n > 0;
    case IMAP_FETCH: return command->argument.n > 0 && is_digit(command->argument.p[0]);
    default: return false;
    }
}

size_t imap_unknown_secret(struct str line, struct str word)
{
    size_t verb = (size_t)(word.p - line.p), whole = credentials_unknown(line);
    size_t behind = verb + credentials_unknown(str_from(line, verb));
    return behind < whole ? behind : whole;
}

int imap_bid_command(struct str line)
{
    struct imap_command command = imap_command(line);
    return command.verb && imap_is_tag(command.tag) && imap_is_sure(&command) ? 60 : 0;
}
