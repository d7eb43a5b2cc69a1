/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/table.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/store/row-text.h"

static const char *const options[] = { CTL_VERB_WHERE, "thumbprint", NULL };

/* One line of the answer: the same names in the table and in JSON. */
static void
add_field (GPtrArray  *fields,
           const char *name,
           const char *value)
{
  g_ptr_array_add (fields, g_strdup (name));
  g_ptr_array_add (fields, g_strdup (value != NULL ? value : ""));
}

static GPtrArray *
dup_fields (CtlContext     *context,
            IssServer      *server,
            IssCertificate *certificate,
            GVariant       *properties)
{
  GPtrArray *fields = g_ptr_array_new_with_free_func (g_free);
  gint64 not_before = iss_certificate_get_not_before (certificate);
  gint64 not_after = iss_certificate_get_not_after (certificate);
  g_autofree char *valid_from = iss_time_text_instant (not_before, ctl_context_get_zone (context));
  g_autofree char *valid_to = iss_time_text_instant (not_after, ctl_context_get_zone (context));
  g_autofree char *thumbprint = iss_text_thumbprint (iss_certificate_get_sha1 (certificate));
  g_autofree char *names = g_strjoinv (", ", (char **) iss_certificate_get_dns_names (certificate));
  g_autofree char *key = g_strdup_printf ("%s %u", iss_certificate_get_key_algorithm (certificate),
                                          iss_certificate_get_key_bits (certificate));
  g_autofree char *assigned = NULL;
  const char *friendly_name = "";
  const char *assigned_to = "";
  const char *origin = "";
  const char *store = "";
  guint32 key_state = ISS_KEY_STATE_NONE;
  guint32 intent = ISS_INTENT_UNKNOWN;
  gboolean exportable = FALSE;

  g_variant_lookup (properties, "friendly-name", "&s", &friendly_name);
  g_variant_lookup (properties, "assigned", "&s", &assigned_to);
  g_variant_lookup (properties, "origin", "&s", &origin);
  g_variant_lookup (properties, "store", "&s", &store);
  g_variant_lookup (properties, "key", "u", &key_state);
  g_variant_lookup (properties, "intent", "u", &intent);
  g_variant_lookup (properties, "exportable", "b", &exportable);
  assigned = iss_row_text_assigned (assigned_to);

  add_field (fields, "Server", iss_server_get_name (server));
  add_field (fields, "Store", store);
  add_field (fields, "IssuedTo", iss_certificate_get_issued_to (certificate));
  add_field (fields, "IssuedBy", iss_certificate_get_issued_by (certificate));
  add_field (fields, "Subject", iss_certificate_get_subject (certificate));
  add_field (fields, "Issuer", iss_certificate_get_issuer (certificate));
  add_field (fields, "NotBefore", valid_from);
  add_field (fields, "NotAfter", valid_to);
  add_field (fields, "SerialNumber", iss_certificate_get_serial (certificate));
  add_field (fields, "AlternativeNames", names);
  add_field (fields, "Thumbprint", thumbprint);
  add_field (fields, "Sha256", iss_certificate_get_sha256_hex (certificate));
  add_field (fields, "PublicKey", key);
  add_field (fields, "PrivateKey", key_state == ISS_KEY_STATE_NONE ? _("none on this server")
                                   : exportable ? _("on this server, exportable")
                                                : _("on this server, not exportable"));
  add_field (fields, "FriendlyName", friendly_name);
  add_field (fields, "Use", assigned);
  add_field (fields, "Intent", intent == ISS_INTENT_POOL ? _("for every server of the pool")
                               : intent == ISS_INTENT_SERVER ? _("for this server only")
                                                             : "");
  add_field (fields, "Origin", origin);

  return fields;
}

static void
print_fields (CtlContext *context,
              GPtrArray  *fields)
{
  g_autoptr(IssJsonText) json = NULL;
  g_autofree char *text = NULL;

  if (!ctl_context_wants_json (context))
    {
      for (guint i = 0; i < fields->len; i += 2)
        g_print ("%-17s: %s\n", (char *) g_ptr_array_index (fields, i),
                 (char *) g_ptr_array_index (fields, i + 1));
      return;
    }

  json = iss_json_text_new (TRUE);
  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  for (guint i = 0; i < fields->len; i += 2)
    iss_json_text_name_string (json, g_ptr_array_index (fields, i),
                               g_ptr_array_index (fields, i + 1));
  iss_json_text_end_object (json);
  text = iss_json_text_finish (json);
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

static CtlExitStatus
show_certificate (CtlContext *context)
{
  const char *typed = ctl_context_get (context, "thumbprint");
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool = NULL;

  if (typed == NULL)
    {
      g_printerr (_("issuantctl: Say which certificate: --thumbprint T (get-store lists them)\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  servers = ctl_context_dup_servers (context, FALSE, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  sha256 = ctl_context_find_certificate (context, servers, typed, &error);
  if (sha256 == NULL)
    return ctl_context_fail (context, error);

  for (guint i = 0; i < servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (servers, i);
      g_autoptr(IssCertificate) certificate = NULL;
      g_autoptr(GVariant) properties = NULL;
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GPtrArray) fields = NULL;

      g_clear_error (&error);
      iss_server_get_certificate_async (server, "", sha256, NULL, ctl_context_result_cb, context);
      result = ctl_context_wait (context);
      certificate = iss_server_get_certificate_finish (server, result, &properties, &error);
      if (certificate == NULL)
        continue;

      fields = dup_fields (context, server, certificate, properties);
      print_fields (context, fields);
      return CTL_EXIT_STATUS_DONE;
    }

  if (g_error_matches (error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      g_set_error (&error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                   _("No server that answers has a certificate with the thumbprint %s"), typed);
    }

  return ctl_context_fail (context, error);
}

const CtlVerb ctl_show_certificate_verb =
{
  .name = "show-certificate",
  .summary = N_("Show one certificate, as the first server that has it knows it"),
  .words = "",
  .options = options,
  .run = show_certificate,
};
