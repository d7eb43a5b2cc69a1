/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/fetch.h"
#include "app/ctl/table.h"
#include "app/ctl/verb.h"
#include "core/agent/agent-path.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/asked.h"
#include "core/pool/certificate-facts.h"
#include "core/store/row-text.h"

static const char *const options[] = { CTL_VERB_WHERE, "thumbprint", "store", "details",
                                       "certification-path", NULL };

/* One line of the answer: the same names in the table and in JSON. */
static void
add_field (GPtrArray  *fields,
           const char *name,
           const char *value)
{
  g_ptr_array_add (fields, g_strdup (name));
  g_ptr_array_add (fields, g_strdup (value != NULL ? value : ""));
}

/* "fe01: published; fe02: does not have it" */
static char *
dup_places (IssCertificateFacts *facts)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < iss_certificate_facts_get_n_places (facts); i++)
    {
      const IssCertificatePlace *place = iss_certificate_facts_get_place (facts, i);

      g_string_append_printf (text, "%s%s: %s", i > 0 ? "; " : "", place->server,
                              place->sentence);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static const char *
get_key_text (guint32  state,
              gboolean exportable)
{
  if (state == ISS_KEY_STATE_NONE)
    return _("none on this server");
  if (state == ISS_KEY_STATE_TOKEN)
    return _("in a token of this server, cannot be exported");

  return exportable ? _("on this server, exportable") : _("on this server, not exportable");
}

static GPtrArray *
dup_fields (CtlContext          *context,
            IssServer           *server,
            IssCertificateFacts *facts,
            GVariant            *properties)
{
  IssCertificate *certificate = iss_certificate_facts_get_certificate (facts);
  GPtrArray *fields = g_ptr_array_new_with_free_func (g_free);
  gint64 not_before = iss_certificate_get_not_before (certificate);
  gint64 not_after = iss_certificate_get_not_after (certificate);
  g_autofree char *valid_from = iss_time_text_instant (not_before, ctl_context_get_zone (context));
  g_autofree char *valid_to = iss_time_text_instant (not_after, ctl_context_get_zone (context));
  g_autofree char *thumbprint = iss_text_thumbprint (iss_certificate_get_sha1 (certificate));
  g_autofree char *names = g_strjoinv (", ", (char **) iss_certificate_get_dns_names (certificate));
  g_autofree char *key = g_strdup_printf ("%s %u", iss_certificate_get_key_algorithm (certificate),
                                          iss_certificate_get_key_bits (certificate));
  g_autofree char *purposes =
    g_strjoinv (", ", (char **) iss_certificate_facts_get_purposes (facts));
  g_autofree char *places = dup_places (facts);
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
  add_field (fields, "PrivateKey", get_key_text (key_state, exportable));
  add_field (fields, "FriendlyName", friendly_name);
  add_field (fields, "Use", assigned);
  add_field (fields, "Intent", intent == ISS_INTENT_POOL ? _("for every server of the pool")
                               : intent == ISS_INTENT_SERVER ? _("for this server only")
                                                             : "");
  add_field (fields, "Origin", origin);
  add_field (fields, "Purposes", *purposes != '\0' ? purposes : _("<All>"));
  add_field (fields, "OnServers", places);

  return fields;
}

/* What was asked for, beside the few lines that are always shown. */
typedef struct
{
  GPtrArray    *fields;   /* names and values by turns */
  IssDetails   *details;  /* (nullable) */
  IssAgentPath *path;     /* (nullable) */
  char         *server;
} Answer;

static const char *
kind_name (IssDetailsKind kind)
{
  switch (kind)
    {
    case ISS_DETAILS_VERSION_1:
      return "version-1";

    case ISS_DETAILS_EXTENSION:
      return "extension";

    case ISS_DETAILS_PROPERTY:
      return "property";
    }

  g_return_val_if_reached ("");
}

static const char *
status_name (IssChainStatus status)
{
  static const char *const names[] =
    {
      [ISS_CHAIN_STATUS_TRUSTED] = "ok",
      [ISS_CHAIN_STATUS_UNTRUSTED_ROOT] = "untrusted-root",
      [ISS_CHAIN_STATUS_INCOMPLETE] = "issuer-not-found",
      [ISS_CHAIN_STATUS_EXPIRED] = "expired",
      [ISS_CHAIN_STATUS_NOT_YET_VALID] = "not-yet-valid",
      [ISS_CHAIN_STATUS_DISTRUSTED] = "distrusted",
      [ISS_CHAIN_STATUS_BAD_SIGNATURE] = "bad-signature",
      [ISS_CHAIN_STATUS_MAY_NOT_ISSUE] = "may-not-issue",
      [ISS_CHAIN_STATUS_OTHER] = "other",
    };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == ISS_CHAIN_N_STATUSES);

  return names[status];
}

static void
write_details (IssJsonText *json,
               IssDetails  *details)
{
  iss_json_text_name (json, "Details");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < iss_details_get_n_fields (details); i++)
    {
      const IssDetailsField *field = iss_details_get_field (details, i);

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "name", field->name);
      iss_json_text_name_string (json, "kind", kind_name (field->kind));
      iss_json_text_name_string (json, "oid", field->oid);
      iss_json_text_name_string (json, "label", field->label);
      iss_json_text_name_boolean (json, "critical", field->critical);
      iss_json_text_name_boolean (json, "decoded", !field->is_raw || field->note == NULL);
      if (field->note != NULL)
        iss_json_text_name_string (json, "note", field->note);
      iss_json_text_name_string (json, "text", field->whole);
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
}

static void
write_path (IssJsonText  *json,
            IssAgentPath *path,
            const char   *server)
{
  iss_json_text_name (json, "CertificationPath");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < iss_agent_path_get_n_links (path); i++)
    {
      IssCertificate *certificate = iss_agent_path_get_certificate (path, i);
      g_autofree char *sha1 = iss_text_thumbprint (iss_certificate_get_sha1 (certificate));
      g_autofree char *sentence = iss_agent_path_dup_sentence (path, i, server, NULL);

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "issuedTo", iss_certificate_get_issued_to (certificate));
      iss_json_text_name_string (json, "thumbprint", sha1);
      iss_json_text_name_string (json, "sha256", iss_certificate_get_sha256_hex (certificate));
      iss_json_text_name_string (json, "status",
                                 status_name (iss_agent_path_get_status (path, i)));
      iss_json_text_name_string (json, "sentence", sentence);
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
}

static void
print_json (CtlContext   *context,
            const Answer *answer)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  for (guint i = 0; i < answer->fields->len; i += 2)
    iss_json_text_name_string (json, g_ptr_array_index (answer->fields, i),
                               g_ptr_array_index (answer->fields, i + 1));
  if (answer->details != NULL)
    write_details (json, answer->details);
  if (answer->path != NULL)
    write_path (json, answer->path, answer->server);
  iss_json_text_end_object (json);

  text = iss_json_text_finish (json);
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

/* The lines of a value below its name, so that each is as it is copied. */
static void
print_details (IssDetails *details)
{
  g_print ("\n");
  for (guint i = 0; i < iss_details_get_n_fields (details); i++)
    {
      const IssDetailsField *field = iss_details_get_field (details, i);
      g_auto(GStrv) lines = g_strsplit (field->whole, "\n", -1);

      g_print ("%s%s%s\n", field->label, field->critical ? _(" (critical)") : "", ":");
      if (field->note != NULL)
        g_print ("    [%s]\n", field->note);
      for (guint j = 0; lines[j] != NULL; j++)
        g_print ("    %s\n", lines[j]);
    }
}

/* The root first, each below its issuer, as in the dialog. */
static void
print_path (IssAgentPath *path,
            const char   *server,
            GTimeZone    *zone)
{
  guint n = iss_agent_path_get_n_links (path);

  g_print (_("\nCertification path, as %s builds it:\n"), server);
  for (guint i = n; i > 0; i--)
    {
      IssCertificate *certificate = iss_agent_path_get_certificate (path, i - 1);
      g_autofree char *sentence = iss_agent_path_dup_sentence (path, i - 1, server, zone);

      g_print ("%*s%s: %s\n", (int) (n - i + 1) * 4, "",
               iss_certificate_get_issued_to (certificate), sentence);
    }
}

static void
print_answer (CtlContext   *context,
              const Answer *answer)
{
  if (ctl_context_wants_json (context))
    {
      print_json (context, answer);
      return;
    }

  for (guint i = 0; i < answer->fields->len; i += 2)
    g_print ("%-17s: %s\n", (char *) g_ptr_array_index (answer->fields, i),
             (char *) g_ptr_array_index (answer->fields, i + 1));
  if (answer->details != NULL)
    print_details (answer->details);
  if (answer->path != NULL)
    print_path (answer->path, answer->server, ctl_context_get_zone (context));
}

static IssAgentPath *
build_path (CtlContext  *context,
            IssServer   *server,
            const char  *store,
            GBytes      *sha256,
            GError     **error)
{
  g_autoptr(IssAgentCall) call = iss_agent_path_new_call (store, sha256);
  g_autoptr(GAsyncResult) result = NULL;

  iss_server_call_async (server, call, NULL, ctl_context_result_cb, context);
  result = ctl_context_wait (context);

  return iss_server_call_finish (server, result, error);
}

/* Which servers have it is of interest in Personal, and only to those who can wait. */
static void
ask_pool (CtlContext *context,
          IssPool    *pool,
          GBytes     *sha256,
          GVariant   *properties)
{
  g_autoptr(GPtrArray) asked = NULL;
  const char *store = "";

  g_variant_lookup (properties, "store", "&s", &store);
  if (pool == NULL || !g_str_equal (store, iss_store_name_get_nick (ISS_STORE_MY)))
    return;

  asked = iss_asked_find (pool);
  g_ptr_array_add (asked, g_bytes_ref (sha256));
  ctl_context_look (context, pool, asked);
}

static CtlExitStatus
show (CtlContext     *context,
      IssPool        *pool,
      IssServer      *server,
      IssCertificate *certificate,
      GVariant       *properties)
{
  GBytes *sha256 = iss_certificate_get_sha256 (certificate);
  g_autofree char *server_name = iss_server_dup_short_name (server);
  g_autoptr(IssCertificateFacts) facts = NULL;
  g_autoptr(IssAgentPath) path = NULL;
  g_autoptr(GPtrArray) fields = NULL;
  g_autoptr(GError) error = NULL;
  Answer answer = { NULL };

  ask_pool (context, pool, sha256, properties);
  facts = iss_certificate_facts_new (server, pool, certificate, properties,
                                     ctl_context_get_now (context),
                                     ctl_context_get_zone (context));
  if (ctl_context_has (context, "certification-path"))
    {
      path = build_path (context, server, iss_certificate_facts_get_store (facts), sha256, &error);
      if (path == NULL)
        return ctl_context_fail (context, error);
    }

  fields = dup_fields (context, server, facts, properties);
  answer = (Answer) { fields, NULL, path, server_name };
  if (ctl_context_has (context, "details"))
    answer.details = iss_certificate_facts_get_details (facts);
  print_answer (context, &answer);

  return CTL_EXIT_STATUS_DONE;
}

static CtlExitStatus
show_certificate (CtlContext *context)
{
  const char *typed = ctl_context_get (context, "thumbprint");
  const char *store = ctl_context_get (context, "store");
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GVariant) properties = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool = NULL;
  IssServer *server = NULL;

  if (typed == NULL)
    {
      g_printerr (_("issuantctl: Say which certificate: --thumbprint T (get-store lists them)\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  servers = ctl_context_dup_servers (context, FALSE, &pool, &error);
  if (servers != NULL)
    certificate = ctl_fetch_certificate (context, servers, store != NULL ? store : "", typed,
                                         &server, &properties, &error);
  if (certificate == NULL)
    return ctl_context_fail (context, error);

  return show (context, pool, server, certificate, properties);
}

const CtlVerb ctl_show_certificate_verb =
{
  .name = "show-certificate",
  .summary = N_("Show one certificate, as the first server that has it knows it"),
  .words = "",
  .options = options,
  .run = show_certificate,
};
