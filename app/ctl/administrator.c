/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/administrator.h"

#include <glib/gi18n.h>

#include "app/ctl/password.h"
#include "core/base/error.h"
#include "core/base/text.h"

/**
 * ctl_administrator_dup_folder:
 * @context: a context
 *
 * Returns: (transfer full): where the key is kept: the demo has one of its own
 */
char *
ctl_administrator_dup_folder (CtlContext *context)
{
  if (ctl_context_has (context, "demo"))
    return g_build_filename (g_get_user_data_dir (), "issuant", "demo", ISS_ADMINISTRATOR_FOLDER,
                             NULL);

  return g_build_filename (g_get_user_config_dir (), "issuant", ISS_ADMINISTRATOR_FOLDER, NULL);
}

/**
 * ctl_administrator_open:
 * @context: a context
 * @error: return location for an error; where there is no key yet it says how one is made
 *
 * Returns: (transfer full): the administrator, locked
 */
IssAdministrator *
ctl_administrator_open (CtlContext  *context,
                        GError     **error)
{
  g_autofree char *folder = ctl_administrator_dup_folder (context);
  g_autoptr(GError) local_error = NULL;
  IssAdministrator *administrator = iss_administrator_open (folder, &local_error);

  if (g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                 _("%s: make one with “issuantctl %smake-administrator-key”"),
                 local_error->message, ctl_context_has (context, "demo") ? "--demo " : "");
  else if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return administrator;
}

/**
 * ctl_administrator_unlock:
 * @context: a context
 * @administrator: whose key
 * @error: return location for an error
 *
 * Takes the passphrase from where the options for a password say, or asks for it.
 *
 * Returns: (transfer full): the key, or %NULL with @error set
 */
IssPrivateKey *
ctl_administrator_unlock (CtlContext        *context,
                          IssAdministrator  *administrator,
                          GError           **error)
{
  g_autoptr(IssSecret) passphrase = NULL;

  passphrase = ctl_password_get (ctl_context_get_command_line (context),
                                 iss_administrator_get_key_path (administrator), error);
  if (passphrase == NULL)
    return NULL;

  return iss_administrator_unlock (administrator, passphrase, error);
}

static void
print_json (CtlContext       *context,
            IssAdministrator *administrator)
{
  IssCertificate *certificate = iss_administrator_get_certificate (administrator);
  g_autofree char *thumbprint = iss_text_thumbprint (iss_certificate_get_sha1 (certificate));
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name_string (json, "name", iss_administrator_get_name (administrator));
  iss_json_text_name_string (json, "thumbprint", thumbprint);
  iss_json_text_name_string (json, "sha256", iss_certificate_get_sha256_hex (certificate));
  iss_json_text_name_string (json, "key", iss_administrator_get_key_path (administrator));
  iss_json_text_name_string (json, "certificate",
                             iss_administrator_get_certificate_path (administrator));
  iss_json_text_end_object (json);

  text = iss_json_text_finish (json);
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

/**
 * ctl_administrator_print:
 * @context: a context
 * @administrator: whose key
 *
 * Prints whose it is, and what others need to verify with it.
 */
void
ctl_administrator_print (CtlContext       *context,
                         IssAdministrator *administrator)
{
  IssCertificate *certificate = iss_administrator_get_certificate (administrator);
  g_autofree char *thumbprint = iss_text_thumbprint (iss_certificate_get_sha1 (certificate));
  g_autofree char *text = NULL;

  if (ctl_context_wants_json (context))
    {
      print_json (context, administrator);
      return;
    }

  text = g_strdup_printf (_("Name        : %s\nThumbprint  : %s\nSHA-256     : %s\n"
                            "Private key : %s\nCertificate : %s\n"),
                          iss_administrator_get_name (administrator), thumbprint,
                          iss_certificate_get_sha256_hex (certificate),
                          iss_administrator_get_key_path (administrator),
                          iss_administrator_get_certificate_path (administrator));
  ctl_context_print (context, text);
}
