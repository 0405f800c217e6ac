/* What is told of each. */
#include "source/trouble.h"

static const struct tcplog_problem problems[TROUBLE_COUNT] = {
    [TROUBLE_UNREADABLE] = { .id = "unreadable",
                             .text = "Reading failed here; what came before was converted." },
    [TROUBLE_DAMAGED] = { .id = "archive-damaged",
                          .text =
                              "It is damaged or ends too early; what could be read of it was converted." },
    [TROUBLE_TRAILING] = { .id = "archive-trailing",
                           .text =
                               "Behind its end stand bytes that do not belong to it; they were passed over." },
    [TROUBLE_ENCRYPTED] = { .id = "archive-encrypted", .text = "It is encrypted, and was passed over." },
    [TROUBLE_UNKNOWN] = { .id = "archive-unknown",
                          .text = "It is packed in a way that libarchive cannot read, and was passed over." },
    [TROUBLE_NO_LIBRARY] = { .id = "archive-no-library",
                             .text =
                                 "To read it takes libarchive (libarchive.so.13), which is not installed." },
    [TROUBLE_NO_SEEKING] = { .id = "archive-no-seeking",
                             .text = "A 7z of more than 64 MiB can only be read from a file: unpack what it "
                                     "is in, or save what comes by the pipe." },
    [TROUBLE_MEMORY] = { .id = "out-of-memory", .text = "Out of memory." },
    [TROUBLE_DEPTH] = { .id = "archive-depth",
                        .text = "Archives lie in each other deeper than --max-depth allows; this one was "
                                "passed over." },
    [TROUBLE_RATIO] = { .id = "archive-ratio",
                        .text = "More came out of it for its size than --max-ratio allows, as out of a bomb; "
                                "the rest was passed over." },
    [TROUBLE_SIZE] = { .id = "archive-size",
                       .text =
                           "More bytes came out of it than --max-size allows; the rest was passed over." },
    [TROUBLE_ENTRIES] = { .id = "archive-entries",
                          .text =
                              "It has more entries than --max-entries allows; the rest was passed over." },
};

const struct tcplog_problem *trouble_problem(enum trouble trouble)
{
    return &problems[trouble];
}
