"""What the servers are told, as files below their folder: ports, users and their passwords, mails to fetch, and which
sender, recipient or subject gets which answer. Passwords and mails are invented; nothing of it holds outside a test."""

PORTS = ("postfix", "strict", "refusing", "exim", "closed", "imap", "pop3", "auth")
QUEUES = "active bounce corrupt defer deferred flush hold incoming maildrop pid private public saved trace"
FOLDERS = ("run", "log", "data", "etc", "exim", "mail", *("spool/" + name for name in QUEUES.split()))

# Dovecot's users: who can log in, with what, and which of MAILS lie there.
USERS = {"ann": "Hunter-2-Ridge", "bea": 'Sw0rd "fish\\9', "cid": "Empty-Box-77", "dan": "Long-Haul-31"}

MAILS = {
    "ann": ["Subject: one\n\nHello Ann,\n\nthe first.\n",
            "Subject: two\nFrom: Dot <dot@e2e.example>\n\n.\n..two dots\n.one dot\n+OK no reply\n-ERR none either\nPASS by\n",
            "Subject: three\n\n"],
    "bea": ["Subject: quoted\n\nHello Bea.\n"],
    "dan": ["Subject: long\n\n" + "0123456789abcdef 0123456789abcdef 0123456789abcdef 0123456789abcdef\n" * 9000],
}

POSTFIX_MAIN = """
compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/data
daemon_directory = {home}/p/sbin
command_directory = {home}/root/usr/sbin
shlib_directory = {home}/p
meta_directory = {home}/etc
mail_owner = {owner}
setgid_group = mail
default_privs = nobody
import_environment = LD_PRELOAD FAKEROOTKEY LD_LIBRARY_PATH MAIL_CONFIG
maillog_file = {home}/log/postfix
maillog_file_prefixes = /tmp
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = postfix.e2e.example
mydestination = e2e.example
mynetworks =
alias_maps =
alias_database =
local_recipient_maps = texthash:{home}/etc/people
local_transport = discard:
message_size_limit = 3000000
smtpd_error_sleep_time = 0
smtpd_hard_error_limit = 50
smtpd_recipient_restrictions = reject_unauth_destination, check_recipient_access texthash:{home}/etc/recipients
header_checks = regexp:{home}/etc/headers
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
smtpd_tls_security_level = may
smtpd_tls_cert_file = {home}/cert.pem
smtpd_tls_key_file = {home}/key.pem
tls_random_source = dev:/dev/urandom
"""

# "strict" gives up soon; "refusing" greets nobody.
POSTFIX_MASTER = """
127.0.0.1:{postfix} inet n - n - - smtpd
127.0.0.1:{strict} inet n - n - - smtpd
  -o smtpd_timeout=1s
  -o smtpd_hard_error_limit=3
  -o message_size_limit=20000
  -o smtpd_helo_required=yes
127.0.0.1:{refusing} inet n - n - - smtpd
  -o smtpd_delay_reject=no
  -o smtpd_client_restrictions=reject
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
discard unix - - n - - discard
error unix - - n - - error
anvil unix - - n - 1 anvil
tlsmgr unix - - n - 1 tlsmgr
proxymap unix - - n - - proxymap
"""

PEOPLE = """
ann@e2e.example ann
bea@e2e.example bea
cid@e2e.example cid
later@e2e.example later
never@e2e.example never
full@e2e.example full
"""

RECIPIENTS = """
later@e2e.example 450 4.2.0 Greylisted, come back in 300 seconds
never@e2e.example 550 5.7.1 We take nothing for this address
full@e2e.example 452 4.2.2 Mailbox is full
"""

HEADERS = """
/^Subject: refuse this/ REJECT We do not want this
"""

EXIM = """
primary_hostname = exim.e2e.example
spool_directory = {home}/exim
exim_user = {user}
exim_group = {group}
log_file_path = {home}/log/exim-%s
pid_file_path = {home}/run/exim.pid
daemon_smtp_ports = {exim} : {closed}
local_interfaces = 127.0.0.1
keep_environment = LD_LIBRARY_PATH
queue_only = true
host_lookup =
smtp_enforce_sync = false
smtp_accept_max_nonmail = 40
message_size_limit = 50K
tls_advertise_hosts = *
tls_certificate = {home}/cert.pem
tls_privatekey = {home}/key.pem
acl_smtp_connect = connect
acl_smtp_rcpt = rcpt
acl_smtp_data = data
acl_smtp_vrfy = accept
begin acl
connect:
  deny condition = ${{if eq{{$received_port}}{{{closed}}}}}
       message = closed for you\\nand for everybody else
  accept
rcpt:
  deny local_parts = never
       message = no such person here
  defer local_parts = later
       message = greylisted, come back later
  accept domains = exim.example
  accept authenticated = *
  deny message = relay not permitted
data:
  deny condition = ${{if match{{$h_subject:}}{{refuse}}}}
       message = we do not want this
  defer condition = ${{if match{{$h_subject:}}{{postpone}}}}
       message = not today
  accept
begin routers
begin transports
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{ann}}}}{{eq{{$auth3}}{{{ann}}}}}}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = ${{if and{{{{eq{{$auth1}}{{ann}}}}{{eq{{$auth2}}{{{ann}}}}}}}}}
  server_set_id = $auth1
"""

DOVECOT = """
base_dir = {home}/run
state_dir = {home}/run
libexec_dir = {home}/d
mail_plugin_dir = {home}/d/modules
log_path = {home}/log/dovecot
import_environment = LD_LIBRARY_PATH
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
protocols = imap pop3
listen = 127.0.0.1
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5
auth_failure_delay = 0
mail_location = maildir:~/Maildir
pop3_uidl_format = %u
passdb {{
  driver = passwd-file
  args = {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
# Nobody waits longer after each wrong password.
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service auth {{
  inet_listener {{
    port = {auth}
  }}
}}
"""


def files(**known):
    """Name to text. What stands in braces above is known to the caller."""
    templates = {"etc/main.cf": POSTFIX_MAIN, "etc/master.cf": POSTFIX_MASTER, "exim.conf": EXIM, "dovecot.conf": DOVECOT}
    made = {name: text.format(**USERS, **known) for name, text in templates.items()}
    made.update({"etc/people": PEOPLE, "etc/recipients": RECIPIENTS, "etc/headers": HEADERS})
    made["users"] = "".join(f"{user}:{{PLAIN}}{password}::::::\n" for user, password in USERS.items())
    return made
