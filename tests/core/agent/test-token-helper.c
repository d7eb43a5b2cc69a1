/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/token-helper.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

#include "core/base/error.h"
#include "core/certificate/signature.h"
#include "core/formats/certificate-file.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/openssl-tool.h"
#include "tests/lib/soft-token.h"

#define URI ISS_SOFT_TOKEN_URI ";object=auth"

static GBytes *
ask (const char    *program,
     guint          seconds,
     const char    *pin,
     GCancellable  *cancellable,
     GError       **error)
{
  g_autoptr(GBytes) message = g_bytes_new_static ("a message", 9);
  g_autoptr(IssSecret) secret = pin != NULL ? iss_openssl_tool_secret (pin) : NULL;

  return iss_token_helper_sign (program, seconds, URI, secret, ISS_TOKEN_SCHEME_PSS, message,
                                cancellable, error);
}

static void
assert_no_children (void)
{
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

static void
test_token_helper_sign (void)
{
  g_autofree char *agent = iss_agent_fixture_dup_program ();
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(GBytes) message = g_bytes_new_static ("a message", 9);
  g_autoptr(GBytes) file = NULL;
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GBytes) signature = NULL;
  g_autoptr(GError) error = NULL;

  iss_soft_token_set_up (folder);
  iss_openssl_tool_make_pair (folder, "auth");
  iss_soft_token_import (folder, "auth.key", "auth", "01");
  file = iss_openssl_tool_load (folder, "auth.crt");
  bundle = iss_certificate_file_read (file, NULL, &error);
  g_assert_no_error (error);

  signature = ask (agent, 60, ISS_SOFT_TOKEN_PIN, NULL, &error);
  g_assert_no_error (error);
  iss_signature_verify (iss_bundle_get_certificate (bundle, 0), message, signature, &error);
  g_assert_no_error (error);

  /* What the token says crosses, code and sentence. */
  g_assert_null (ask (agent, 60, "4321", NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD);
  g_assert_nonnull (strstr (error->message, "“issuant test”"));
  g_clear_error (&error);

  g_assert_null (ask (agent, 60, NULL, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
  assert_no_children ();
}

/* A module prints and crashes, or answers nonsense: that is said, and harms nobody. */
static void
test_token_helper_bad (void)
{
  static const struct { const char *script; int code; } cases[] =
    {
      { "exit 0", ISS_ERROR_FAILED },
      { "kill -SEGV $$", ISS_ERROR_FAILED },
      { "echo I am a module >&0", ISS_ERROR_FAILED },
      { "printf 'IST1\\000\\000\\377\\377' >&0", ISS_ERROR_FAILED },
      { "printf 'IST1\\000\\000\\000\\004abcd' >&0", ISS_ERROR_FAILED },
      { "printf 'IST1\\000\\000\\000\\000' >&0", ISS_ERROR_FAILED },
      { "kill -STOP $$", ISS_ERROR_TOO_COSTLY },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
      g_autofree char *text = g_strdup_printf ("#!/bin/sh\n%s\n", cases[i].script);
      g_autofree char *program = iss_temp_folder_write (folder, "helper", text, -1);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].script);
      g_assert_no_errno (g_chmod (program, 0755));
      g_assert_null (ask (program, cases[i].code == ISS_ERROR_TOO_COSTLY ? 1 : 60, "1234", NULL,
                          &error));
      g_assert_error (error, ISS_ERROR, cases[i].code);
      g_assert_null (strstr (error->message, "1234"));
      assert_no_children ();
    }
}

static void
test_token_helper_cancel (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (ask ("/bin/cat", 60, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_no_children ();

  g_clear_error (&error);
  g_assert_null (ask ("/nonexistent", 60, NULL, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
  assert_no_children ();
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/token-helper/sign", test_token_helper_sign);
  g_test_add_func ("/token-helper/bad", test_token_helper_bad);
  g_test_add_func ("/token-helper/cancel", test_token_helper_cancel);

  return g_test_run ();
}
