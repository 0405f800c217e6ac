/* Line by line; see plant.h. It knows the words that lead to a credential, and how IMAP announces a literal. */
#include "plant.h"

#include "secret.h"

#include <strings.h>

struct line {
    struct str stamp, arrow, text, token;
};

struct planter {
    struct buf *out;
    bool names;
    struct str prompt; /* the arrow of one, while it is the latest thing said */
    struct str login;  /* the arrow of whoever owes literals of a login */
    bool literals;     /* others were announced, and a prompt may ask for them */
};

static struct str take(struct str *rest, size_t n)
{
    struct str taken = str_upto(*rest, n);
    *rest = str_from(*rest, n);
    return taken;
}

static struct line line_of(struct str rest)
{
    struct line line = { 0 };
    line.stamp = take(&rest, stamp_length(rest));
    bool arrow = rest.n >= 2 && rest.p[0] == rest.p[1] && (rest.p[0] == '<' || rest.p[0] == '>');
    line.arrow = take(&rest, !arrow ? 0 : rest.n > 2 && rest.p[2] == ' ' ? 3 : 2);
    const char *token = rest.n ? memchr(rest.p, '<', rest.n) : NULL;
    /* the brackets of an address are none */
    while (token && !str_starts(str_from(rest, (size_t)(token - rest.p)), STR("<cr>")) &&
           !str_starts(str_from(rest, (size_t)(token - rest.p)), STR("<lf>")))
        token = memchr(token + 1, '<', (size_t)(rest.p + rest.n - token) - 1);
    line.text = take(&rest, token ? (size_t)(token - rest.p) : rest.n);
    line.token = rest;
    return line;
}

static bool starts(struct str text, const char *word)
{
    return text.n >= strlen(word) && strncasecmp(text.p, word, strlen(word)) == 0;
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (unsigned char)((c | 0x20) - 'a') < 26;
}

/* The length of "a1 ", with a tag that is no verb; 0 if the text does not begin so. */
static size_t tag_length(struct str text)
{
    size_t n = 1;
    while (n < text.n && text.p[n] >= '0' && text.p[n] <= '9')
        n++;
    bool letter = text.n && (unsigned char)((text.p[0] | 0x20) - 'a') < 26;
    return letter && n > 1 && n < text.n && text.p[n] == ' ' ? n + 1 : 0;
}

/* Where "{12}" or "{12+}" begins that the text ends in; its end if it does not. */
static size_t announcement(struct str text)
{
    const char *open = str_ends(text, STR("}")) ? memrchr(text.p, '{', text.n) : NULL;
    size_t at = open ? (size_t)(open - text.p) : text.n;
    return at + 2 < text.n && text.p[at + 1] >= '0' && text.p[at + 1] <= '9' ? at : text.n;
}

/* Announcements are made true, but for those of an odd kind: 1, 11, 21, … */
static void add_announcement(struct buf *out, struct str text)
{
    bool waits = !str_ends(text, STR("+}"));
    size_t last = text.n - (waits ? 2 : 3);
    if (text.n == 0 || text.p[last] == '1')
        tcplog_buf_add(out, text);
    else
        tcplog_buf_add(out, waits ? STR("{17}") : STR("{17+}"));
}

struct row {
    bool tagged, names;
    const char *begins, *before; /* a text that begins so becomes this, … */
    enum secret_form form;       /* … and the secret, if there is any */
    const char *behind;
};

static const struct row rows[] = {
    { false, false, "PASS ", "PASS ", SECRET_BARE, "" },
    { false, false, "APOP ", "APOP " SECRET_USER " ", SECRET_BARE, "" },
    { false, false, "AUTH PLAIN ", "AUTH PLAIN ", SECRET_PLAIN, "" },
    { false, false, "AUTH LOGIN ", "AUTH LOGIN ", SECRET_ENCODED, "" },
    { true, false, "LOGIN \"", "LOGIN \"" SECRET_USER "\" \"", SECRET_DASHED, "\"" },
    { true, false, "LOGIN ", "LOGIN " SECRET_USER " ", SECRET_BARE, "" },
    { true, false, "AUTHENTICATE PLAIN ", "AUTHENTICATE PLAIN ", SECRET_PLAIN, "" },
    { true, false, "AUTHENTICATE LOGIN ", "AUTHENTICATE LOGIN ", SECRET_ENCODED, "" },
    { false, true, "USER ", "USER " SECRET_USER, SECRET_BARE, NULL },
    { false, true, "MAIL FROM:", "MAIL FROM:<" SECRET_USER "@" SECRET_HOST ">", SECRET_BARE, NULL },
    { false, true, "RCPT TO:", "RCPT TO:<" SECRET_USER "@" SECRET_HOST ">", SECRET_BARE, NULL },
    { false, true, "EHLO ", "EHLO " SECRET_HOST, SECRET_BARE, NULL },
    { false, true, "HELO ", "HELO " SECRET_HOST, SECRET_BARE, NULL },
};

static const struct row *row_of(struct str text, size_t tag, bool names)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (rows[i].tagged == (tag > 0) && (names || !rows[i].names) &&
            starts(str_from(text, tag), rows[i].begins))
            return &rows[i];
    return NULL;
}

/* Where a literal of IMAP ends within "AUTH", what is left is the login of a user who goes by the encoded word, and users
 * are shown. */
static bool is_login_in_part(const struct planter *planter, const struct row *row)
{
    return planter->literals && !row->tagged && row->form == SECRET_ENCODED;
}

static void add_row(struct planter *planter, const struct row *row)
{
    tcplog_buf_add(planter->out, str_of(row->before));
    if (!row->behind || is_login_in_part(planter, row))
        return;
    secret_add(planter->out, row->form);
    tcplog_buf_add(planter->out, str_of(row->behind));
}

/* What goes on with a login: a literal, or the rest of the line behind one. */
static void add_literal(struct planter *planter, const struct line *line)
{
    size_t at = announcement(line->text);
    bool bare =
        line->token.n == 0 || str_equal(line->token, STR("<cr><lf>")) || str_equal(line->token, STR("<lf>"));
    bool empty = line->text.n == 0 && bare;
    bool rest = line->text.n == 0 || line->text.p[0] == ' ';
    if (rest)
        tcplog_buf_add(planter->out, str_upto(line->text, at));
    else
        secret_add(planter->out, SECRET_DASHED);
    if (!rest && at < line->text.n)
        tcplog_buf_add(planter->out, STR(" "));
    add_announcement(planter->out, str_from(line->text, at));
    planter->login = empty || at < line->text.n ? line->arrow : (struct str){ 0 };
}

static void add_login(struct planter *planter, const struct line *line, size_t at)
{
    tcplog_buf_add(planter->out, str_upto(line->text, at));
    add_announcement(planter->out, str_from(line->text, at));
    planter->login = line->arrow;
}

static bool same_side(struct str one, struct str other)
{
    return one.n && other.n && one.p[0] == other.p[0];
}

static void add_text(struct planter *planter, const struct line *line)
{
    struct str text = line->text;
    size_t tag = tag_length(text), at = announcement(text);
    const struct row *row = row_of(text, tag, planter->names);
    bool answers = planter->prompt.n && line->arrow.n && planter->prompt.p[0] != line->arrow.p[0];
    bool word = text.n == 0 || str_equal(text, STR("*")) || str_equal(text, STR("DONE"));
    if (tag && starts(str_from(text, tag), "LOGIN ") && at < text.n && !planter->literals) {
        add_login(planter, line, at);
    } else if (row) {
        tcplog_buf_add(planter->out, str_upto(text, tag));
        add_row(planter, row);
        /* it stands where a literal was to come, and is more than that */
        if (same_side(planter->login, line->arrow))
            planter->login = (struct str){ 0 };
    } else if (same_side(planter->login, line->arrow)) {
        add_literal(planter, line);
    } else if (answers && !word && !planter->literals) {
        secret_add(planter->out, SECRET_ENCODED);
    } else {
        tcplog_buf_add(planter->out, text);
    }
}

static bool asks(struct str text)
{
    return str_starts(text, STR("334 ")) || str_starts(text, STR("+ ")) || str_equal(text, STR("+"));
}

/* Nobody goes on with a login that is over: it was answered, or another session begins. */
static bool is_over(const struct line *line)
{
    struct str status = str_from(line->text, tag_length(line->text));
    bool answered = starts(status, "NO") || starts(status, "BAD") || starts(status, "OK");
    return line->arrow.n == 0 || (answered && status.n < line->text.n);
}

/* Answers whether the line may announce a body: the literals of a login are none. */
static bool plant_line(struct planter *planter, struct str whole)
{
    struct line line = line_of(whole);
    bool cr = str_ends(line.text, STR("\r"));
    line.text.n -= cr;
    if (is_over(&line))
        planter->login = (struct str){ 0 };
    bool owed = same_side(planter->login, line.arrow);
    tcplog_buf_add(planter->out, line.stamp);
    tcplog_buf_add(planter->out, line.arrow);
    add_text(planter, &line);
    tcplog_buf_add(planter->out, cr ? STR("\r") : line.token);
    /* to who hears it, that was a line of one byte */
    if (cr && owed && line.text.n == 0)
        planter->login = (struct str){ 0 };
    planter->prompt = line.arrow.n && asks(line.text) ? line.arrow : (struct str){ 0 };
    bool announces = holds(whole, STR("{")) && !owed && !same_side(planter->login, line.arrow);
    planter->literals |= announces;
    return announces;
}

static bool is_word_at(struct str line, size_t at, const char *word)
{
    size_t n = strlen(word);
    struct str behind = str_from(line, at + n);
    bool apart = at == 0 || !is_alnum(line.p[at - 1]);
    return apart && starts(str_from(line, at), word) &&
           (behind.n == 0 || (!is_alnum(behind.p[0]) && behind.p[0] != '-'));
}

/* A command, or the go-ahead that answers one which the log lacks. */
static bool opens_body(struct str line)
{
    static const char *const words[] = { "DATA", "BDAT", "RETR", "TOP",  "LIST",
                                         "UIDL", "CAPA", "LANG", "AUTH", "FETCH" };
    if (starts(line_of(line).text, "354"))
        return true;
    for (size_t at = 0; at < line.n; at++)
        for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
            if ((line.p[at] | 0x20) == (words[i][0] | 0x20) && is_word_at(line, at, words[i]) &&
                (strcmp(words[i], "AUTH") != 0 || line.n - at < 6 || line.p[at + 4] == '<' ||
                 line.p[at + 5] < 'A'))
                return true;
    return false;
}

uint64_t plant(struct str log, bool names, struct buf *out)
{
    struct planter planter = { .out = out, .names = names };
    uint64_t number = 0, bodies = UINT64_MAX;
    while (log.n) {
        const char *lf = memchr(log.p, '\n', log.n);
        struct str line = str_upto(log, lf ? (size_t)(lf - log.p) : log.n);
        number++;
        if ((plant_line(&planter, line) || opens_body(line)) && bodies == UINT64_MAX)
            bodies = number;
        if (lf)
            tcplog_buf_add(out, STR("\n"));
        log = str_from(log, lf ? (size_t)(lf + 1 - log.p) : log.n);
    }
    return bodies;
}
