/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/global.h"
#include "app/ctl/job-output.h"
#include "app/ctl/roll.h"
#include "app/ctl/password.h"
#include "app/ctl/set-key-uri.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/certificate-file.h"
#include "core/pool/pool-assign.h"
#include "core/pool/pool-import.h"

static const char *const options[] = { CTL_VERB_WHERE, "path", "password-file", "password-fd",
                                       "store", "exportable", "intent", "friendly-name", "type",
                                       "key-uri", "pin-file", CTL_ROLL_OPTIONS, CTL_GLOBAL_OPTIONS,
                                       "what-if", "force", NULL };

static gboolean
read_options (CtlContext        *context,
              IssImportOptions  *import,
              GError           **error)
{
  const char *store = ctl_context_get (context, "store");
  const char *intent = ctl_context_get (context, "intent");

  /* Who names a key means the certificate's own store, even if it is a CA's. */
  import->automatic_store = store == NULL && !ctl_context_has (context, "key-uri");
  import->store = ISS_STORE_MY;
  import->exportable = ctl_context_has (context, "exportable");
  import->friendly_name = ctl_context_get (context, "friendly-name");
  import->origin = "manual";
  import->what_if = ctl_context_has (context, "what-if");

  if (store != NULL && !iss_store_name_parse (store, &import->store, error))
    return FALSE;

  if (intent != NULL)
    {
      import->intent = iss_intent_from_string (intent);
      if (import->intent == ISS_INTENT_UNKNOWN)
        {
          g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                               _("--intent is pool or server"));
          return FALSE;
        }
    }

  return TRUE;
}

/* Reads the file here first: a bad file or password is said once, not by every
 * server. Asks for the password only if the file needs one. */
static IssBundle *
read_file (CtlContext  *context,
           GFile       *file,
           IssSecret  **out_password,
           GBytes     **out_bytes,
           GError     **error)
{
  CtlCommandLine *command_line = ctl_context_get_command_line (context);
  gboolean given = ctl_password_is_given (command_line);
  g_autofree char *name = g_file_get_basename (file);
  g_autoptr(IssSecret) password = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) local_error = NULL;
  IssBundle *bundle;

  if (given)
    {
      password = ctl_password_get (command_line, name, error);
      if (password == NULL)
        return NULL;
    }

  iss_pool_import_read_async (file, password, NULL, ctl_context_result_cb, context);
  result = ctl_context_wait (context);
  bundle = iss_pool_import_read_finish (result, out_bytes, &local_error);
  if (bundle == NULL && !given &&
      g_error_matches (local_error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD))
    {
      g_autoptr(GAsyncResult) again = NULL;

      password = ctl_password_get (command_line, name, error);
      if (password == NULL)
        return NULL;

      g_clear_error (&local_error);
      iss_pool_import_read_async (file, password, NULL, ctl_context_result_cb, context);
      again = ctl_context_wait (context);
      bundle = iss_pool_import_read_finish (again, out_bytes, &local_error);
    }

  if (bundle == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    *out_password = g_steal_pointer (&password);

  return bundle;
}

static CtlExitStatus
assign_too (CtlContext       *context,
            IssPool          *pool,
            GPtrArray        *servers,
            IssCertificate   *certificate,
            const char       *type,
            IssEffectiveDate *date)
{
  const char *types[] = { type, NULL };
  GBytes *sha256 = iss_certificate_get_sha256 (certificate);
  const IssAssignRequest request =
    { .kind = ISS_TRANSITION_SET, .types = types, .sha256 = &sha256,
      .force = ctl_context_has (context, "force") };

  return date != NULL ? ctl_roll_stage (context, pool, servers, types, sha256, date)
                      : ctl_roll_run (context, pool, servers, &request);
}

static gboolean
check_key_uri (CtlContext  *context,
               gboolean     has_key,
               IssSecret  **out_pin,
               GError     **error)
{
  if (!ctl_context_has (context, "key-uri"))
    return TRUE;

  if (has_key)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("The file holds the private key: it is in the file or in a token, "
                             "so leave out --key-uri, or import the certificate alone"));
      return FALSE;
    }

  return ctl_set_key_uri_check (context, out_pin, error);
}

static CtlExitStatus
import_globally (CtlContext               *context,
                 const char               *path,
                 const IssCertificateType *type,
                 IssEffectiveDate         *date)
{
  static const char *const manual[] = { "store", "exportable", "intent", "friendly-name",
                                        "key-uri", "pin-file", NULL };
  g_autoptr(GPtrArray) all = g_ptr_array_new ();
  g_autoptr(IssSecret) password = NULL;
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr(GError) error = NULL;
  IssCertificate *leading;
  IssPrivateKey *key = NULL;
  gboolean has_key;

  for (guint i = 0; manual[i] != NULL; i++)
    {
      if (!ctl_context_has (context, manual[i]))
        continue;

      g_printerr (_("issuantctl: --%s is for what is imported on servers by hand, not for what is "
                    "replicated\n"), manual[i]);
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  bundle = read_file (context, file, &password, &bytes, &error);
  if (bundle == NULL)
    return ctl_context_fail (context, error);

  leading = iss_pool_import_get_leading (bundle, &has_key);
  for (guint i = 0; i < iss_bundle_get_n_certificates (bundle); i++)
    {
      IssCertificate *certificate = iss_bundle_get_certificate (bundle, i);

      if (certificate == leading)
        key = iss_bundle_get_key_for (bundle, i);
      else
        g_ptr_array_add (all, certificate);
    }

  return ctl_global_import (context, leading, all, key, type != NULL ? type->name : NULL, date);
}

static CtlExitStatus
import_certificate (CtlContext *context)
{
  const char *path = ctl_context_get (context, "path");
  const char *type_name = ctl_context_get (context, "type");
  const IssCertificateType *type = NULL;
  IssImportOptions import = { 0 };
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(IssSecret) password = NULL;
  g_autoptr(IssSecret) pin = NULL;
  g_autoptr(IssEffectiveDate) date = NULL;
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GPtrArray) asked = g_ptr_array_new ();
  g_autoptr(GFile) file = NULL;
  g_autoptr(IssJob) job = NULL;
  g_autoptr(GError) error = NULL;
  IssCertificate *leading;
  IssPool *pool = NULL;
  gboolean has_key = FALSE;
  CtlExitStatus status;

  if (path == NULL)
    {
      g_printerr (_("issuantctl: Say which file: --path FILE\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (type_name != NULL)
    {
      type = iss_certificate_type_parse (type_name, &error);
      if (type == NULL)
        return ctl_context_fail (context, error);
    }

  if (!ctl_roll_read (context, &date, &error))
    return ctl_context_fail (context, error);

  if (date != NULL && type == NULL)
    {
      g_printerr (_("issuantctl: --roll needs to know what for: --type OAuthTokenIssuer\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (!read_options (context, &import, &error))
    return ctl_context_fail (context, error);

  if (ctl_global_is_meant (context))
    return import_globally (context, path, type, date);

  servers = ctl_context_dup_servers (context, TRUE, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  file = g_file_new_for_commandline_arg (path);
  bundle = read_file (context, file, &password, &bytes, &error);
  if (bundle == NULL)
    return ctl_context_fail (context, error);

  leading = iss_pool_import_get_leading (bundle, &has_key);
  if (!check_key_uri (context, has_key, &pin, &error))
    return ctl_context_fail (context, error);

  /* A key that came alone is somebody's: without a word it is meant for the pool
   * if it shall issue tokens, because then every server needs it. */
  if (import.intent == ISS_INTENT_UNKNOWN && has_key &&
      (type == NULL || type->pool_wide))
    import.intent = ISS_INTENT_POOL;

  job = iss_pool_import_new (servers, bytes, password, &import);
  ctl_context_run_job (context, job);
  status = ctl_job_output_print (context, job, "import-certificate");

  if (ctl_context_has (context, "key-uri") && leading != NULL && !import.what_if &&
      status == CTL_EXIT_STATUS_DONE)
    status = ctl_set_key_uri_run (context, servers, iss_certificate_get_sha256 (leading), pin);

  if (type != NULL && leading != NULL && !import.what_if && status == CTL_EXIT_STATUS_DONE)
    status = assign_too (context, pool, servers, leading, type->name, date);

  if (leading != NULL)
    g_ptr_array_add (asked, iss_certificate_get_sha256 (leading));
  ctl_context_look (context, pool, asked);
  ctl_context_warn_of_pool (context, pool);

  return status;
}

const CtlVerb ctl_import_certificate_verb =
{
  .name = "import-certificate",
  .summary = N_("Import a certificate file on servers by hand, or globally, replicated"),
  .words = "",
  .options = options,
  .run = import_certificate,
};
