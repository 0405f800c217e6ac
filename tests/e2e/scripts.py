"""The list of all talks. A script is a function that is handed a connection; a decorator puts it on the list, under the
port that it is for. What they all send is here, too."""

TALKS = []  # (name, port, script)
MAIL = [b"From: me@client.example", b"To: ann@e2e.example", b"Subject: hello", b"", b"Hello Ann."]


def talk(port, name):
    def add(script):
        TALKS.append((f"{port}: {name}", port, script))
        return script
    return add


def both(name):
    """Said to Postfix and to Exim alike; the script is told a domain that is theirs."""
    def add(script):
        for port, domain in (("postfix", "e2e.example"), ("exim", "exim.example")):
            TALKS.append((f"{port}: {name}", port, lambda t, domain=domain: script(t, domain)))
        return script
    return add
