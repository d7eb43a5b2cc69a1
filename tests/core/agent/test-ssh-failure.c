/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/ssh-failure.h"

#include <string.h>

#include "core/base/error.h"

#define CHANGED \
  "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r\n" \
  "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n" \
  "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r\n" \
  "IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\r\n" \
  "The fingerprint for the ED25519 key sent by the remote host is\n" \
  "SHA256:uNiVztksCsDhcc0u9e8BrrXUVOHL4fBXhJ5FS/sSX0Q.\r\n" \
  "Please contact your system administrator.\r\n" \
  "Offending ED25519 key in /etc/ssh/known_hosts:3\r\n" \
  "Host key for fe03 has changed and you have requested strict checking.\r\n" \
  "Host key verification failed.\r\n"

typedef struct
{
  int         status;
  const char *text;
  IssError    code;
  const char *message;   /* a part of it */
} Case;

static const Case ssh_cases[] =
  {
    { 255, "ssh: connect to host fe03 port 22: Connection refused\r\n", ISS_ERROR_UNREACHABLE,
      "ssh: connect to host fe03 port 22: Connection refused" },
    { 255, "ssh: connect to host fe03 port 22: Connection timed out\r\n", ISS_ERROR_UNREACHABLE,
      "Connection timed out" },
    { 255, "ssh: connect to host fe03 port 22: No route to host\r\n", ISS_ERROR_UNREACHABLE,
      "No route to host" },
    { 255, "ssh: Could not resolve hostname fe03: Name or service not known\r\n",
      ISS_ERROR_UNREACHABLE, "ssh: Could not resolve hostname fe03" },
    { 255, "kex_exchange_identification: Connection closed by remote host\r\n"
           "Connection closed by 192.0.2.3 port 22\r\n", ISS_ERROR_UNREACHABLE,
      "Connection closed by 192.0.2.3 port 22" },
    { 255, "Host key verification failed.\r\n", ISS_ERROR_HOST_KEY_UNKNOWN,
      "The host key of fe03 is not known here" },
    { 255, "No ED25519 host key is known for fe03 and you have requested strict checking.\r\n"
           "Host key verification failed.\r\n", ISS_ERROR_HOST_KEY_UNKNOWN,
      "The host key of fe03 is not known here" },
    { 255, CHANGED, ISS_ERROR_HOST_KEY_CHANGED,
      "changed to SHA256:uNiVztksCsDhcc0u9e8BrrXUVOHL4fBXhJ5FS/sSX0Q; another one is known in "
      "/etc/ssh/known_hosts:3:" },
    { 255, "issuant@fe03: Permission denied (publickey).\r\n", ISS_ERROR_LOGIN,
      "fe03 does not let us in: issuant@fe03: Permission denied (publickey)" },
    { 255, "Connection refused! (a banner)\nissuant@fe03: Permission denied (publickey).\r\n",
      ISS_ERROR_LOGIN, "Permission denied (publickey)" },
    { 255, "Received disconnect from 192.0.2.3 port 22:2: Too many authentication failures\r\n"
           "Disconnected from 192.0.2.3 port 22\r\n", ISS_ERROR_LOGIN, "Too many" },
    { 255, "Unable to negotiate with 192.0.2.3 port 22: no matching host key type found. "
           "Their offer: ssh-rsa\r\n", ISS_ERROR_PROTOCOL, "Their offer: ssh-rsa" },
    { 255, "Timeout, server fe03 not responding.\r\n", ISS_ERROR_CLOSED, "not responding" },
    { 255, "/etc/ssh/config: line 3: Bad configuration option: foo\r\n", ISS_ERROR_FAILED,
      "line 3" },
    { 255, "debug1: sshconnect.c:verify_host_key():1477 (pid=7): Server host key: ssh-ed25519 "
           "SHA256:abc\r\nHost key verification failed.\r\n", ISS_ERROR_HOST_KEY_UNKNOWN,
      "The host key of fe03 (SHA256:abc) is not known here" },
    { 255, "debug1: sshconnect.c:verify_host_key():1477 (pid=7): Server host key: ssh-ed25519 "
           "SHA256:abc\r\n", ISS_ERROR_UNREACHABLE, "ssh cannot reach fe03 and does not say why" },
    { 255, "something nobody has seen before\r\n", ISS_ERROR_UNREACHABLE, "something nobody" },
    { 255, "", ISS_ERROR_UNREACHABLE, "fe03" },
    { 127, "sh: 1: exec: /usr/libexec/issuant-agent: not found\n", ISS_ERROR_NO_AGENT,
      "not installed there (sh: 1: exec: /usr/libexec/issuant-agent: not found): install it with "
      "“app/install-agent root@fe03”" },
    { 127, "bash: line 1: /usr/libexec/issuant-agent: No such file or directory\n",
      ISS_ERROR_NO_AGENT, "“app/install-agent root@fe03”" },
    { 127, "", ISS_ERROR_NO_AGENT, "“app/install-agent root@fe03”" },
    { 126, "bash: line 1: /usr/libexec/issuant-agent: Permission denied\n", ISS_ERROR_NO_AGENT,
      "cannot be run there (bash: line 1: /usr/libexec/issuant-agent: Permission denied)" },
    { 3, "issuant-agent: /var/lib/issuant belongs to issuant: connect as ssh://issuant@fe03\n",
      ISS_ERROR_NOT_OWNER,
      "/var/lib/issuant belongs to issuant: connect as ssh://issuant@fe03" },
    { 4, "issuant-agent: /var/lib/issuant is not there\n", ISS_ERROR_NOT_FOUND,
      "/var/lib/issuant is not there" },
    { 1, "motd\nissuant-agent: It did not work\n", ISS_ERROR_FAILED, "It did not work" },
    /* A login shell that ends by itself is not ssh's failure, whatever it says. */
    { 1, "Connection refused\n", ISS_ERROR_CLOSED, "Connection refused" },
    { 0, "", ISS_ERROR_CLOSED, "fe03" },
    { -1, "Connection to fe03 closed by remote host.\r\n", ISS_ERROR_CLOSED, "closed by remote" },
    { -1, "", ISS_ERROR_CLOSED, "fe03" },
  };

static const Case local_cases[] =
  {
    { 3, "issuant-agent: /srv/fe03 belongs to issuant: connect as that user\n",
      ISS_ERROR_NOT_OWNER, "/srv/fe03 belongs to issuant" },
    { 255, "Connection refused\n", ISS_ERROR_CLOSED, "local:///srv/fe03" },
    { -1, "", ISS_ERROR_CLOSED, "local:///srv/fe03" },
  };

static void
check (const char *uri,
       const Case *cases,
       gsize       n_cases)
{
  g_autoptr(IssConnectionAddress) address = iss_connection_address_parse (uri, NULL);

  for (gsize i = 0; i < n_cases; i++)
    {
      g_autoptr(GError) error = iss_ssh_failure_new (address, cases[i].status, cases[i].text);

      g_test_message ("%d “%s”: %s", cases[i].status, cases[i].text, error->message);
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].message));
      g_assert_null (strpbrk (error->message, "\r\n"));
    }
}

static void
test_ssh (void)
{
  check ("ssh://issuant@fe03", ssh_cases, G_N_ELEMENTS (ssh_cases));
}

static void
test_local (void)
{
  check ("local:///srv/fe03", local_cases, G_N_ELEMENTS (local_cases));
}

/* A hostile server may say anything, as much as it likes. */
static void
test_hostile (void)
{
  g_autoptr(IssConnectionAddress) address = iss_connection_address_parse ("ssh://fe03", NULL);
  g_autofree char *flood = g_strnfill (1000000, 'x');
  g_autofree char *early = g_strconcat ("Permission denied (publickey).\n", flood, NULL);
  g_autoptr(GError) long_error = iss_ssh_failure_new (address, 255, early);
  g_autoptr(GError) strange_error = NULL;

  g_assert_error (long_error, ISS_ERROR, ISS_ERROR_UNREACHABLE);
  g_assert_cmpuint (strlen (long_error->message), <, 1500);

  strange_error = iss_ssh_failure_new (address, 255, "\xFF\xFE\x1B[2J\xE2\x80\xAE" "evil\n");
  g_assert_error (strange_error, ISS_ERROR, ISS_ERROR_UNREACHABLE);
  g_assert_true (g_utf8_validate (strange_error->message, -1, NULL));
  g_assert_null (strchr (strange_error->message, '\x1B'));
  g_assert_null (strstr (strange_error->message, "\xE2\x80\xAE"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ssh-failure/ssh", test_ssh);
  g_test_add_func ("/ssh-failure/local", test_local);
  g_test_add_func ("/ssh-failure/hostile", test_hostile);

  return g_test_run ();
}
