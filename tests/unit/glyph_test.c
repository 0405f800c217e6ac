/* Characters on a screen: how many columns they take, which are barred, and that bytes which are no UTF-8 are taken for
 * one unknown character each. */
#include "base/glyph.h"
#include "views.h"

static void widths(void **state)
{
    static const struct {
        uint32_t glyph;
        int width;
    } known[] = {
        { 'a', 1 },      { ' ', 1 },       { '~', 1 },     { 0xE9, 1 },    { 0x301, 0 },   { 0x6F22, 2 },
        { 0xFF21, 2 },   { 0x1F600, 2 },   { 0x20AC, 1 },  { 0x2588, 1 },  { 0xFFFD, 1 },  { 0, -1 },
        { 0x0A, -1 },    { 0x1B, -1 },     { 0x7F, -1 },   { 0x80, -1 },   { 0x9B, -1 },   { 0x9F, -1 },
        { 0xA0, 1 },     { 0x200E, -1 },   { 0x2028, -1 }, { 0x202E, -1 }, { 0x2066, -1 }, { 0xFEFF, -1 },
        { 0xE0041, -1 }, { 0x10FFFF, -1 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (glyph_width(known[i].glyph) != known[i].width)
            fail_msg("U+%04X: %d", known[i].glyph, glyph_width(known[i].glyph));
}

/* Tables that are not in order would hide some of their ranges. */
static void all_control_characters_are_barred(void **state)
{
    (void)state;
    for (uint32_t glyph = 0; glyph < 0xA0; glyph++)
        assert_int_equal(glyph_width(glyph) == GLYPH_BARRED, glyph < 0x20 || glyph >= 0x7F);
    for (uint32_t glyph = 0x202A; glyph <= 0x202E; glyph++)
        assert_int_equal(glyph_width(glyph), GLYPH_BARRED);
}

static void decodes(const char *text, size_t n, size_t taken, uint32_t wanted)
{
    uint32_t glyph;
    assert_int_equal(glyph_next((struct str){ text, n }, &glyph), taken);
    assert_int_equal(glyph, wanted);
}

static void decoding(void **state)
{
    (void)state;
    decodes("ab", 2, 1, 'a');
    decodes("\xC3\xA9", 2, 2, 0xE9);
    decodes("\xE6\xBC\xA2", 3, 3, 0x6F22);
    decodes("\xF0\x9F\x98\x80", 4, 4, 0x1F600);
    decodes("\xC3", 1, 1, GLYPH_UNKNOWN);
    decodes("\xE6\xBC", 2, 1, GLYPH_UNKNOWN);
    decodes("\xC3(", 2, 1, GLYPH_UNKNOWN);
    decodes("\x9B", 1, 1, GLYPH_UNKNOWN);
    decodes("\xFF\xFE", 2, 1, GLYPH_UNKNOWN);
    decodes("\xC1\x9B", 2, 2, GLYPH_UNKNOWN);
    decodes("\xF4\x90\x80\x80", 4, 4, GLYPH_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(widths),
                                        cmocka_unit_test(all_control_characters_are_barred),
                                        cmocka_unit_test(decoding) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
