/* What is not asked of a session that came to its goodbye in order would not be so. */
#include "enrich/diagnosis.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static uint32_t state = 1;

static uint32_t below(uint32_t n)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % n;
}

/* A line, or none. */
static uint64_t any_line(void)
{
    return below(2) ? 0 : 1 + below(20);
}

static struct moment any_moment(void)
{
    return (struct moment){ .at = below(100) * 1000, .stamp = below(3) ? below(1000) : UINT32_MAX };
}

static void make_up(struct session_facts *facts)
{
    struct traces *seen = &facts->traces;
    *facts = (struct session_facts){ .has_role = below(2), .login_ok = below(2), .timeout = below(2) * 30 };
    facts->role = below(2) ? NAMES_role_server : NAMES_role_client;
    facts->ending = below(3) == 0   ? NAMES_ending_missing
                    : below(2) == 0 ? NAMES_ending_error
                                    : NAMES_ending_normal;
    facts->server_bytes = below(4) ? 100 : 0;
    facts->client_bytes = below(4) ? 100 : 0;
    facts->goodbyes = below(3);
    facts->messages_fetched = below(3);
    facts->messages_sent = below(3);
    facts->error_line = below(3) ? 0 : any_line();
    facts->error = facts->error_line ? STR("8: Socket read timeout") : (struct str){ 0 };
    facts->line_end = 20;
    facts->connected = any_moment();
    facts->greeted = any_moment();
    facts->ended = any_moment();
    facts->tls.established = below(2);
    for (uint64_t *const *each =
             (uint64_t *const[]){ &seen->unanswered, &seen->goodbye, &seen->message_sent, &seen->message_open,
                                  &seen->fetch_open, &seen->handshake, NULL };
         *each; each++)
        **each = below(4) ? 0 : any_line();
    seen->starttls = any_line();
    seen->answer = any_line();
    seen->warning = any_line();
    seen->remark = any_line();
    seen->closing = any_line();
    seen->outwaited = below(2);
}

static void rows_that_are_passed_over_show_nothing(void **unused)
{
    (void)unused;
    static struct session_facts facts;
    size_t orderly = 0, astray = 0;
    for (int round = 0; round < 20000; round++) {
        const struct diagnosis *row;
        make_up(&facts);
        orderly += session_is_in_order(&facts);
        for (size_t i = 0; session_is_in_order(&facts) && (row = diagnosis_row(i)) != NULL; i++)
            if (row->where & ASTRAY) {
                assert_true(row->where & END);
                assert_int_equal(row->test(&facts, NULL), 0);
                astray++;
            }
    }
    assert_true(orderly > 100 && astray > orderly);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_that_are_passed_over_show_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
