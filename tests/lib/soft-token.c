/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/soft-token.h"

#include <glib/gstdio.h>

#include "tests/lib/openssl-tool.h"

/**
 * iss_soft_token_add:
 * @folder: where iss_soft_token_set_up() was
 * @label: the token's
 *
 * Makes one more token, whose PIN is %ISS_SOFT_TOKEN_PIN.
 */
void
iss_soft_token_add (IssTempFolder *folder,
                    const char    *label)
{
  g_autofree char *quoted = g_shell_quote (label);
  g_autofree char *line = g_strdup_printf ("softhsm2-util --init-token --free --label %s "
                                           "--pin %s --so-pin 5678", quoted, ISS_SOFT_TOKEN_PIN);

  iss_openssl_tool_run (folder, line);
}

/**
 * iss_soft_token_set_up:
 * @folder: where the tokens shall be
 *
 * Makes the token %ISS_SOFT_TOKEN_LABEL, and has SoftHSM use this folder only.
 */
void
iss_soft_token_set_up (IssTempFolder *folder)
{
  g_autofree char *tokens = iss_temp_folder_dup_path (folder, "tokens");
  g_autofree char *text = NULL;
  g_autofree char *path = NULL;

  g_assert_no_errno (g_mkdir (tokens, 0700));
  text = g_strdup_printf ("directories.tokendir = %s\nobjectstore.backend = file\n"
                          "log.level = ERROR\nslots.removable = false\n", tokens);
  path = iss_temp_folder_write (folder, "softhsm2.conf", text, -1);
  g_setenv ("SOFTHSM2_CONF", path, TRUE);

  iss_soft_token_add (folder, ISS_SOFT_TOKEN_LABEL);
}

/**
 * iss_soft_token_import:
 * @folder: where iss_soft_token_set_up() was
 * @key_file: a private key as PKCS#8 in PEM, in @folder
 * @label: what the token calls it
 * @id: its id in hex
 *
 * Puts a key into the token %ISS_SOFT_TOKEN_LABEL.
 */
void
iss_soft_token_import (IssTempFolder *folder,
                       const char    *key_file,
                       const char    *label,
                       const char    *id)
{
  g_autofree char *quoted = g_shell_quote (label);
  g_autofree char *line = g_strdup_printf ("softhsm2-util --import %s --token '%s' --label %s "
                                           "--id %s --pin %s", key_file, ISS_SOFT_TOKEN_LABEL,
                                           quoted, id, ISS_SOFT_TOKEN_PIN);

  iss_openssl_tool_run (folder, line);
}
