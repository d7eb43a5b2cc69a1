/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "app/ctl/administrator.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/formats/certificate-file.h"
#include "core/pool/record-check.h"

static const char *const options[] = { "signer", NULL };

/* A record, a copy of it or another one says itself who signed it: that is no second source. */
static gboolean
check_is_not_record (GBytes      *bytes,
                     const char  *path,
                     GError     **error)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  if (size == 0 ||
      memmem (text, size, ISS_ROLL_RECORD_BEGIN, strlen (ISS_ROLL_RECORD_BEGIN)) == NULL)
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("%s is a signed record, not a certificate: it says itself who signed it, as "
                 "anybody's would. Name the certificate file of the administrator who should have "
                 "signed, which you got from them in another way"), path);

  return FALSE;
}

/* Whose records are believed: those who were named, or else oneself. */
static GPtrArray *
read_signers (CtlContext  *context,
              GError     **error)
{
  const char *path = ctl_context_get (context, "signer");
  g_autoptr(GPtrArray) signers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(IssAdministrator) administrator = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IssBundle) bundle = NULL;

  if (path == NULL)
    {
      administrator = ctl_administrator_open (context, NULL);
      if (administrator != NULL)
        g_ptr_array_add (signers,
                         g_object_ref (iss_administrator_get_certificate (administrator)));
      return g_steal_pointer (&signers);
    }

  bytes = iss_roll_record_load (path, error);
  if (bytes != NULL && check_is_not_record (bytes, path, error))
    bundle = iss_certificate_file_read (bytes, NULL, error);
  if (bundle == NULL)
    {
      g_prefix_error (error, "--signer: ");
      return NULL;
    }

  for (guint i = 0; i < iss_bundle_get_n_certificates (bundle); i++)
    g_ptr_array_add (signers, g_object_ref (iss_bundle_get_certificate (bundle, i)));

  return g_steal_pointer (&signers);
}

static void
name_time (IssJsonText *json,
           const char  *name,
           gint64       at)
{
  g_autofree char *iso = at != 0 ? iss_time_text_iso (at) : NULL;

  iss_json_text_name_string (json, name, iso);
}

static void
add_signer (IssJsonText    *json,
            IssRecordCheck *found)
{
  g_autofree char *thumbprint = NULL;

  iss_json_text_name (json, "signer");
  if (found->signer == NULL)
    {
      iss_json_text_null (json);
      return;
    }

  thumbprint = iss_text_thumbprint (iss_certificate_get_sha1 (found->signer));
  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "name", iss_certificate_get_issued_to (found->signer));
  iss_json_text_name_string (json, "thumbprint", thumbprint);
  iss_json_text_name_string (json, "sha256", iss_certificate_get_sha256_hex (found->signer));
  iss_json_text_name_boolean (json, "known", found->is_known);
  iss_json_text_end_object (json);
}

static void
print_json (CtlContext     *context,
            IssRecordCheck *found)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name_boolean (json, "good", iss_record_check_is_good (found));
  iss_json_text_name (json, "problems");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < found->problems->len; i++)
    iss_json_text_string (json, found->problems->pdata[i]);
  iss_json_text_end_array (json);
  add_signer (json, found);
  name_time (json, "signedAt", found->signed_at);
  iss_json_text_name_string (json, "pool", found->pool);
  iss_json_text_name_string (json, "type", found->type);
  iss_json_text_name_string (json, "by", found->by);
  name_time (json, "made", found->made);
  iss_json_text_name_string (json, "headline", found->headline);
  iss_json_text_name_integer (json, "servers", found->n_servers);
  iss_json_text_name_integer (json, "proofs", found->n_proofs);
  iss_json_text_name_integer (json, "logEntries", found->n_entries);
  iss_json_text_end_object (json);

  text = iss_json_text_finish (json);
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

static void
print_text (CtlContext     *context,
            IssRecordCheck *found)
{
  GTimeZone *zone = ctl_context_get_zone (context);
  g_autofree char *made = iss_time_text_instant (found->made, zone);
  g_autofree char *signed_at = iss_time_text_instant (found->signed_at, zone);
  g_autofree char *thumbprint = NULL;

  for (guint i = 0; i < found->problems->len; i++)
    g_print ("✕ %s\n", (const char *) found->problems->pdata[i]);

  if (found->pool != NULL && found->made != 0)
    g_print (_("%s\n%s on %s, as %s saw it on %s.\n"),
             found->headline != NULL ? found->headline : "", found->type, found->pool, found->by,
             made);

  if (found->signer != NULL && found->signed_at != 0)
    {
      thumbprint = iss_text_thumbprint (iss_certificate_get_sha1 (found->signer));
      g_print (_("Signed by %s on %s.\n  thumbprint %s\n  SHA-256 %s\n"),
               iss_certificate_get_issued_to (found->signer), signed_at, thumbprint,
               iss_certificate_get_sha256_hex (found->signer));
    }

  if (found->problems->len == 0)
    g_print (_("● It is as it was signed. Proofs verified again: %u, on servers: %u. Entries of "
               "logs that follow one another: %u.\n"),
             found->n_proofs, found->n_servers, found->n_entries);
}

static CtlExitStatus
verify_record (CtlContext *context)
{
  const char *const *words = ctl_command_line_get_rest (ctl_context_get_command_line (context));
  g_autoptr(GPtrArray) signers = NULL;
  g_autoptr(IssRecordCheck) found = NULL;
  g_autoptr(GBytes) file = NULL;
  g_autoptr(GError) error = NULL;

  if (words[0] == NULL)
    {
      g_printerr (_("issuantctl: Say which file: verify-record FILE\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  signers = read_signers (context, &error);
  if (signers == NULL)
    return ctl_context_fail (context, error);

  file = iss_roll_record_load (words[0], &error);
  if (file == NULL)
    return ctl_context_fail (context, error);

  found = iss_record_check_run (file, signers);
  if (ctl_context_wants_json (context))
    print_json (context, found);
  else
    print_text (context, found);

  if (found->problems->len > 0)
    {
      g_printerr (_("issuantctl: %s is not as it was signed, or does not prove what it says\n"),
                  words[0]);
      return CTL_EXIT_STATUS_FAILED;
    }

  if (found->is_known)
    return CTL_EXIT_STATUS_DONE;

  g_printerr (_("issuantctl: Nothing here says that this is who should have signed it: get the "
                "certificate from them in another way and name it with --signer\n"));

  return CTL_EXIT_STATUS_REFUSED;
}

const CtlVerb ctl_verify_record_verb =
{
  .name = "verify-record",
  .summary = N_("Say whether a roll record is as it was signed, and verify its proofs again"),
  .words = "FILE",
  .n_words = 1,
  .options = options,
  .is_local = TRUE,
  .run = verify_record,
};
