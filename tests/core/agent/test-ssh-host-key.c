/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/ssh-host-key.h"

#define OURS "debug1: sshconnect.c:verify_host_key():1477 (pid=71): "
#define NEWER "debug1: sshconnect.c:verify_host_key():1514 (bin=ssh, pid=71): "
#define NEWER_OTHERS "debug1: sshconnect.c:verify_host_key():1514 (bin=ssh, pid=710): "
#define OTHERS "debug1: sshconnect.c:verify_host_key():1477 (pid=710): "
#define KEY "ssh-ed25519 SHA256:uNiVztksCsDhcc0u9e8BrrXUVOHL4fBXhJ5FS/sSX0Q"
#define OTHER_KEY "ssh-rsa SHA256:c4+HFOTJpAaPXfM9wdaVOAaXP8t9V/g/9fzk/e4Zh90"

static void
test_find (void)
{
  const struct
    {
      const char *text;
      const char *key;
    } cases[] =
    {
      { OURS "Server host key: " KEY "\r\n", KEY },
      { NEWER "Server host key: " KEY "\r\n", KEY },
      { NEWER_OTHERS "Server host key: " OTHER_KEY "\n" NEWER "Server host key: " KEY "\n", KEY },
      { "debug1: sshconnect.c:verify_host_key():1514 (bin=ssh): Server host key: " KEY "\n", NULL },
      { "a banner\n" OURS "Server host key: " KEY "\nthe agent's own words\n", KEY },
      { OURS "Server host certificate: ssh-ed25519-cert-v01@openssh.com SHA256:abc, serial 7 ID "
        "\"fe01\" CA ssh-ed25519 SHA256:def valid forever\n",
        "ssh-ed25519-cert-v01@openssh.com SHA256:abc" },
      /* What the server has said later, or a jump host before, cannot be told from ssh's. */
      { OURS "Server host key: " KEY "\n" OURS "Server host key: " OTHER_KEY "\n", "" },
      { OURS "Server host key: " OTHER_KEY "\n" NEWER "Server host key: " KEY "\n", "" },
      { OURS "Server host key: " KEY "\n" OURS "Server host key: " KEY "\n", KEY },
      { OTHERS "Server host key: " OTHER_KEY "\n" OURS "Server host key: " KEY "\n", KEY },
      { "banner: " OURS "Server host key: " OTHER_KEY "\n", NULL },
      { OTHERS "Server host key: " OTHER_KEY "\n", NULL },
      /* More of the same function's words. */
      { OURS "checking without port identifier\n" OURS "Server host key: " KEY "\n", KEY },
      /* Not all of it is there yet, or not what it should be. */
      { OURS "Server host key: " KEY, NULL },
      { OURS "Server host key: \n", NULL },
      { OURS "Server host key: ssh-rsa\n", NULL },
      { OURS "Server host key:  SHA256:abc\n", NULL },
      { OURS "Server host key: ssh-rsa MD5:aa:bb\n", NULL },
      { OURS "Server host key: ssh-\033rsa SHA256:abc\n", NULL },
      { "", NULL },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *key = iss_ssh_host_key_find (cases[i].text, "71");

      g_test_message ("%s", cases[i].text);
      g_assert_cmpstr (key, ==, cases[i].key);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ssh-host-key/find", test_find);

  return g_test_run ();
}
