"""Sessions whose stamps mix two clocks, for tests that look at what sessions learn from each other. It is imported, never run."""


def stamp(ms):
    return b"%02d:%02d:%02d.%03d" % (ms // 3600000 % 24, ms // 60000 % 60, ms // 1000 % 60, ms % 1000)


def two_clocks(chance, at, phase, host=b"mail.example"):
    """A POP3 session of Pegasus' old library, whose milliseconds are another clock's: `phase` apart."""
    lines, say = [], lambda text: lines.append(stamp(at // 1000 * 1000 + (at + phase) % 1000) + b": " + text + b"\r\n")
    day = b"Wed Aug  6 %s 2014" % stamp(at)[:8]
    lines.append(stamp(at // 1000 * 1000 + (at + phase) % 1000) + b": --- " + day + b" ---\r\n")
    say(b"Connect to '%s', timeout 30 seconds." % host)
    for text in (b">> +OK POP3 ready", b"<< USER ida", b">> +OK", b"<< PASS geheim", b">> +OK 2 messages", b"<< STAT",
                 b">> +OK 2 2048", b"<< QUIT", b">> +OK bye"):
        at += chance.choice((16, 94, 310, 640, 1350))
        say(text)
    lines.append(stamp(at // 1000 * 1000 + (at + phase) % 1000) + b": --- Connection closed normally at " + b"Wed Aug  6 %s 2014" % stamp(at)[:8] + b". ---\r\n")
    return b"".join(lines), at + chance.randrange(200, 5000)
