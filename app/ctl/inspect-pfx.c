/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/password.h"
#include "app/ctl/verb.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/file-report.h"

static const char *const options[] = { "password-file", "password-fd", NULL };

static void
name_rounds (IssJsonText *json,
             guint64      rounds)
{
  iss_json_text_name_integer (json, "rounds", (gint64) MIN (rounds, (guint64) G_MAXINT64));
}

static void
print_outline (IssJsonText         *json,
               const IssPfxOutline *outline)
{
  iss_json_text_name (json, "mac");
  if (outline->integrity == ISS_INTEGRITY_NONE)
    {
      iss_json_text_null (json);
    }
  else
    {
      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "digest", outline->digest);
      name_rounds (json, outline->rounds);
      iss_json_text_end_object (json);
    }

  iss_json_text_name (json, "parts");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < outline->parts->len; i++)
    {
      const IssPfxOutlinePart *part = g_ptr_array_index (outline->parts, i);

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "part", part->is_key ? "private key" : "content");
      iss_json_text_name_boolean (json, "encrypted", part->scheme != ISS_PFX_SCHEME_CLEAR);
      iss_json_text_name_string (json, "algorithm", part->algorithm);
      name_rounds (json, part->rounds);
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);

  iss_json_text_name (json, "openers");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < ISS_PFX_OPENER_N; i++)
    {
      IssPfxOpener opener = iss_pfx_opener_judge (outline, i);

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "program", opener.name);
      iss_json_text_name_string (json, "opens", iss_pfx_opener_verdict_word (opener.verdict));
      iss_json_text_name_string (json, "reason", opener.reason);
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
}

static void
print_certificate (IssJsonText *json,
                   IssBundle   *bundle,
                   guint        index)
{
  IssCertificate *certificate = iss_bundle_get_certificate (bundle, index);
  IssPairing pairing = iss_bundle_get_pairing (bundle, index);
  g_autofree char *thumbprint = iss_text_thumbprint (iss_certificate_get_sha1 (certificate));
  g_autofree char *not_after = iss_time_text_iso (iss_certificate_get_not_after (certificate));

  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "issuedTo", iss_certificate_get_issued_to (certificate));
  iss_json_text_name_string (json, "issuedBy", iss_certificate_get_issued_by (certificate));
  iss_json_text_name_string (json, "notAfter", not_after);
  iss_json_text_name_string (json, "thumbprint", thumbprint);
  iss_json_text_name_string (json, "sha256", iss_certificate_get_sha256_hex (certificate));
  iss_json_text_name_string (json, "friendlyName", iss_bundle_get_friendly_name (bundle, index));
  iss_json_text_name_boolean (json, "hasKey", pairing != ISS_PAIRING_NONE);
  iss_json_text_name_boolean (json, "marksAgree", pairing != ISS_PAIRING_CONTRADICTED);
  iss_json_text_name_string (json, "provider", iss_bundle_get_csp_name (bundle, index));
  iss_json_text_end_object (json);
}

static void
print_json (CtlContext         *context,
            const IssPfxReport *report)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  IssBundle *bundle = report->bundle;
  guint n = bundle != NULL ? iss_bundle_get_n_certificates (bundle) : 0;
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name_boolean (json, "opens", bundle != NULL);
  iss_json_text_name_integer (json, "certificates", n);
  iss_json_text_name_integer (json, "keys", bundle != NULL ? iss_bundle_get_n_keys (bundle) : 0);
  iss_json_text_name_string (json, "integrity", iss_pfx_report_get_integrity_word (report));
  iss_json_text_name_string (json, "cause", iss_pfx_report_get_cause_word (report));
  iss_json_text_name_string (json, "message", report->message);

  if (report->outline != NULL)
    print_outline (json, report->outline);

  iss_json_text_name (json, "contents");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < n; i++)
    print_certificate (json, bundle, i);
  iss_json_text_end_array (json);
  iss_json_text_end_object (json);

  text = iss_json_text_finish (json);
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

static int
get_width (GPtrArray *lines)
{
  glong width = 0;

  for (guint i = 0; i < lines->len; i++)
    {
      const IssPfxLine *line = g_ptr_array_index (lines, i);

      if (line->kind != ISS_PFX_LINE_HEADING)
        width = MAX (width, g_utf8_strlen (line->name, -1));
    }

  return (int) width;
}

static void
print_lines (CtlContext         *context,
             const IssPfxReport *report)
{
  g_autoptr(GPtrArray) lines = iss_pfx_report_dup_lines (report, ctl_context_get_zone (context));
  g_autoptr(GString) text = g_string_new (NULL);
  int width = get_width (lines);

  for (guint i = 0; i < lines->len; i++)
    {
      const IssPfxLine *line = g_ptr_array_index (lines, i);
      int fill = width - (int) g_utf8_strlen (line->name, -1);

      if (line->kind != ISS_PFX_LINE_HEADING)
        g_string_append_printf (text, "%s%*s : %s\n", line->name, fill, "", line->value);
      else if (*line->name != '\0')
        g_string_append_printf (text, "\n%s\n", line->name);
      else
        g_string_append_c (text, '\n');
    }

  ctl_context_print (context, text->str);
}

static CtlExitStatus
inspect_pfx (CtlContext *context)
{
  CtlCommandLine *command_line = ctl_context_get_command_line (context);
  const char *const *words = ctl_command_line_get_rest (command_line);
  g_autoptr(IssSecret) password = NULL;
  g_autoptr(IssPfxReport) report = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GFile) file = NULL;
  g_autoptr(GError) error = NULL;

  if (words[0] == NULL)
    {
      g_printerr (_("issuantctl: Say which file: inspect-pfx FILE\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (ctl_password_is_given (command_line))
    {
      password = ctl_password_get (command_line, words[0], &error);
      if (password == NULL)
        return ctl_context_fail (context, error);
    }

  file = g_file_new_for_commandline_arg (words[0]);
  iss_file_report_async (file, password, NULL, ctl_context_result_cb, context);
  result = ctl_context_wait (context);
  report = iss_file_report_finish (result, &error);
  if (report == NULL)
    return ctl_context_fail (context, error);

  if (ctl_context_wants_json (context))
    print_json (context, report);
  else
    print_lines (context, report);

  if (report->bundle != NULL)
    return CTL_EXIT_STATUS_DONE;

  g_printerr ("issuantctl: %s: %s\n", words[0], report->message);

  return CTL_EXIT_STATUS_FAILED;
}

const CtlVerb ctl_inspect_pfx_verb =
{
  .name = "inspect-pfx",
  .summary = N_("Say what a PFX file is, who can open it, and why it does not open"),
  .words = "FILE",
  .n_words = 1,
  .options = options,
  .is_local = TRUE,
  .run = inspect_pfx,
};
