/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/administrator.h"

#include <glib/gi18n.h>

#include "app/ctl/password.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/pool/pool-import.h"

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
 * ctl_administrator_ask_pin:
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the PIN of the administrator's token; %NULL with @error
 *   unset: there is nobody to be asked
 */
IssSecret *
ctl_administrator_ask_pin (GError **error)
{
  return ctl_password_ask_pin (_("PIN of your token (nothing: from where its URI or systemd "
                                 "says): "), error);
}

typedef IssSecret *(*GetFunc) (CtlCommandLine  *command_line,
                               const char      *what,
                               GError         **error);

/* With what @get finds, where @is_given says that an option tells, or the key is in a file. */
static IssPrivateKey *
unlock (CtlContext        *context,
        IssAdministrator  *administrator,
        gboolean           is_given,
        GetFunc            get,
        GError           **error)
{
  gboolean is_pin = iss_administrator_get_key_uri (administrator) != NULL;
  GError *local_error = NULL;
  g_autoptr(IssSecret) secret = is_pin && !is_given
    ? ctl_administrator_ask_pin (&local_error)
    : get (ctl_context_get_command_line (context),
           iss_administrator_get_key_path (administrator), &local_error);

  if (local_error == NULL)
    return iss_administrator_unlock (administrator, secret, error);

  g_propagate_error (error, local_error);

  return NULL;
}

/**
 * ctl_administrator_unlock:
 * @context: a context
 * @administrator: whose key
 * @error: return location for an error
 *
 * Takes the passphrase, or the PIN of a token, from where the options for a password say, or asks
 * for it.
 *
 * Returns: (transfer full): the key, or %NULL with @error set
 */
IssPrivateKey *
ctl_administrator_unlock (CtlContext        *context,
                          IssAdministrator  *administrator,
                          GError           **error)
{
  return unlock (context, administrator,
                 ctl_password_is_given (ctl_context_get_command_line (context)), ctl_password_get,
                 error);
}

/**
 * ctl_administrator_unlock_signing:
 * @context: a context
 * @administrator: whose key
 * @error: return location for an error
 *
 * The same with --key-password-file: --password-file may be that of what is imported.
 *
 * Returns: (transfer full): the key, or %NULL with @error set
 */
IssPrivateKey *
ctl_administrator_unlock_signing (CtlContext        *context,
                                  IssAdministrator  *administrator,
                                  GError           **error)
{
  return unlock (context, administrator, ctl_context_has (context, "key-password-file"),
                 ctl_password_get_signing, error);
}

/**
 * ctl_administrator_read_certificate:
 * @context: a context, with --path
 * @error: return location for an error
 *
 * Returns: (transfer full): the one certificate in the file, as make-administrator-key leaves it
 */
IssCertificate *
ctl_administrator_read_certificate (CtlContext  *context,
                                    GError     **error)
{
  const char *path = ctl_context_get (context, "path");
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IssBundle) bundle = NULL;

  iss_pool_import_read_async (file, NULL, NULL, ctl_context_result_cb, context);
  result = ctl_context_wait (context);
  bundle = iss_pool_import_read_finish (result, &bytes, error);
  if (bundle == NULL)
    return NULL;

  if (iss_bundle_get_n_certificates (bundle) == 1)
    return g_object_ref (iss_bundle_get_certificate (bundle, 0));

  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("%s has %u certificates: an administrator has one"), path,
               iss_bundle_get_n_certificates (bundle));

  return NULL;
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
  iss_json_text_name_string (json, "keyUri", iss_administrator_get_key_uri (administrator));
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
  const char *uri = iss_administrator_get_key_uri (administrator);
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
                          uri != NULL ? uri : iss_administrator_get_key_path (administrator),
                          iss_administrator_get_certificate_path (administrator));
  ctl_context_print (context, text);
}
