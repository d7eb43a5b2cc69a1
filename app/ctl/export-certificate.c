/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "app/ctl/password.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/pool/pool-export.h"

static const char *const options[] = { "server", "thumbprint", "path", "store", "format",
                                       "password-file", "password-fd", "encryption",
                                       "include-chain", "no-privacy", "no-properties",
                                       "delete-key", "what-if", "force", NULL };

/* One server, and it must be said which. */
static IssServer *
find_server (CtlContext  *context,
             GError     **error)
{
  const char *typed = ctl_context_get (context, "server");
  IssPool *pool = NULL;
  g_autoptr(GPtrArray) servers = ctl_context_dup_servers (context, TRUE, &pool, error);

  if (servers == NULL)
    return NULL;

  if (servers->len != 1)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("A certificate is exported from one server: --server %s is more than one"),
                   typed);
      return NULL;
    }

  return g_object_ref (servers->pdata[0]);
}

static gboolean
read_options (CtlContext        *context,
              IssExportOptions  *export,
              GError           **error)
{
  const char *format = ctl_context_get (context, "format");
  const char *encryption = ctl_context_get (context, "encryption");

  iss_export_options_init (export);
  export->include_chain = ctl_context_has (context, "include-chain");
  export->privacy = !ctl_context_has (context, "no-privacy");
  export->properties = !ctl_context_has (context, "no-properties");
  export->delete_key = ctl_context_has (context, "delete-key");
  export->what_if = ctl_context_has (context, "what-if");

  return (format == NULL || iss_export_options_parse_format (format, &export->format, error)) &&
         (encryption == NULL ||
          iss_export_options_parse_profile (encryption, &export->profile, error)) &&
         iss_export_options_check (export, error);
}

static void
print_json (CtlContext                  *context,
            IssServer                   *server,
            const IssPoolExportRequest  *request,
            const IssPoolExportOutcome  *outcome)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;
  g_autofree char *path = g_file_get_path (request->file);
  g_autofree char *sha256 = iss_text_hex (g_bytes_get_data (request->sha256, NULL),
                                          g_bytes_get_size (request->sha256), FALSE);
  gboolean is_pfx = request->options.format == ISS_EXPORT_PFX;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name_string (json, "verb", "export-certificate");
  iss_json_text_name_boolean (json, "whatIf", request->options.what_if);
  iss_json_text_name_string (json, "server", iss_server_get_name (server));
  iss_json_text_name_string (json, "sha256", sha256);
  iss_json_text_name_string (json, "path", path);
  iss_json_text_name_string (json, "fileFormat",
                             iss_export_options_format_name (request->options.format));
  iss_json_text_name_string (json, "encryption",
                             is_pfx ? iss_export_options_profile_name (request->options.profile)
                                    : "none");
  iss_json_text_name_boolean (json, "privateKey", is_pfx);
  iss_json_text_name_integer (json, "certificates", outcome->n_certificates);
  iss_json_text_name_boolean (json, "keyDeleted", outcome->key_deleted);
  iss_json_text_name_string (json, "note", outcome->note != NULL ? outcome->note : "");
  iss_json_text_end_object (json);
  text = iss_json_text_finish (json);
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

static void
print_text (CtlContext                  *context,
            IssServer                   *server,
            const IssPoolExportRequest  *request,
            const IssPoolExportOutcome  *outcome)
{
  g_autofree char *path = g_file_get_parse_name (request->file);
  g_autofree char *name = iss_server_dup_short_name (server);
  g_autofree char *count =
    g_strdup_printf (ngettext ("%u certificate", "%u certificates", outcome->n_certificates),
                     outcome->n_certificates);
  gboolean is_pfx = request->options.format == ISS_EXPORT_PFX;
  g_autofree char *line = NULL;

  if (request->options.what_if)
    line = g_strdup_printf (is_pfx ? _("%s: would be exported with its private key to %s, %s\n")
                                   : _("%s: would be exported to %s, %s\n"), name, path, count);
  else
    line = g_strdup_printf (is_pfx ? _("%s: exported with its private key to %s, %s\n")
                                   : _("%s: exported to %s, %s\n"), name, path, count);
  ctl_context_print (context, line);

  if (outcome->key_deleted)
    ctl_context_print (context, _("The private key was deleted from the server: the file is all "
                                  "that is left of it there.\n"));
}

static CtlExitStatus
print_outcome (CtlContext                  *context,
               IssServer                   *server,
               const IssPoolExportRequest  *request,
               const IssPoolExportOutcome  *outcome)
{
  if (ctl_context_wants_json (context))
    print_json (context, server, request, outcome);
  else
    print_text (context, server, request, outcome);

  if (outcome->note != NULL)
    ctl_context_warn (context, outcome->note);

  if (outcome->delete_error == NULL)
    return CTL_EXIT_STATUS_DONE;

  ctl_context_warn (context, _("The file was written, but the private key was not deleted"));
  return ctl_context_fail (context, outcome->delete_error);
}

/* A file that is there is what --force is for. */
static CtlExitStatus
fail (CtlContext *context,
      GError     *error)
{
  if (g_error_matches (error, ISS_ERROR, ISS_ERROR_EXISTS))
    error->code = ISS_ERROR_NEEDS_CONFIRMATION;

  return ctl_context_fail (context, error);
}

static CtlExitStatus
export_certificate (CtlContext *context)
{
  const char *path = ctl_context_get (context, "path");
  const char *typed = ctl_context_get (context, "thumbprint");
  const char *store = ctl_context_get (context, "store");
  g_autoptr(IssServer) server = NULL;
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  g_autoptr(GFile) file = NULL;
  g_autofree char *name = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(IssSecret) password = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(IssPoolExportOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  IssPoolExportRequest request = { .store = ISS_STORE_MY };

  if (path == NULL || typed == NULL)
    {
      g_printerr (path == NULL ? _("issuantctl: Say which file: --path FILE\n")
                               : _("issuantctl: Say which certificate: --thumbprint T (get-store "
                                   "lists them)\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (!read_options (context, &request.options, &error) ||
      (store != NULL && !iss_store_name_parse (store, &request.store, &error)))
    return ctl_context_fail (context, error);

  server = find_server (context, &error);
  if (server == NULL)
    return ctl_context_fail (context, error);

  g_ptr_array_add (servers, server);
  sha256 = ctl_context_find_certificate_in (context, servers, request.store, typed, &error);
  if (sha256 == NULL)
    return ctl_context_fail (context, error);

  file = g_file_new_for_commandline_arg (path);
  name = g_file_get_basename (file);
  if (request.options.format == ISS_EXPORT_PFX && !request.options.what_if)
    {
      password = ctl_password_choose (ctl_context_get_command_line (context), name, &error);
      if (password == NULL)
        return ctl_context_fail (context, error);
    }

  request.sha256 = sha256;
  request.password = password;
  request.file = file;
  request.replace = ctl_context_has (context, "force");
  iss_pool_export_async (server, &request, NULL, ctl_context_result_cb, context);
  result = ctl_context_wait (context);
  outcome = iss_pool_export_finish (server, result, &error);
  if (outcome == NULL)
    return fail (context, error);

  return print_outcome (context, server, &request, outcome);
}

const CtlVerb ctl_export_certificate_verb =
{
  .name = "export-certificate",
  .summary = N_("Export a certificate of one server to a file, with its private key or without"),
  .words = "",
  .options = options,
  .run = export_certificate,
};
