/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-assign.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/agent-wire.h"
#include "core/agent/vetting.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/replication/scheduler-lock.h"

#define MAX_WANTED 64
#define MAX_SIP_DOMAINS 256
#define MAX_NAME 255
#define MAX_CHANGED 256
#define MAX_CERTIFICATE (64 * 1024)

/* By IssStagedFate; "" asks. */
static const char *const fates[] = { "", "keep", "cancel" };

/* What an order borrows from. */
typedef struct
{
  GArray  *items;         /* IssChangeItem; their certificates are owned here */
  char    *server_name;
  char   **sip_domains;
  char    *typed;
  char    *zone;
  IssCertificate *compromised;
} Owned;

static void
item_clear (gpointer data)
{
  IssChangeItem *item = data;

  g_free ((char *) item->sha256_hex);
}

static void
owned_init (Owned *owned)
{
  memset (owned, 0, sizeof *owned);
  owned->items = g_array_new (FALSE, TRUE, sizeof (IssChangeItem));
  g_array_set_clear_func (owned->items, item_clear);
}

static void
owned_clear (Owned *owned)
{
  g_array_unref (owned->items);
  g_free (owned->server_name);
  g_strfreev (owned->sip_domains);
  g_free (owned->typed);
  g_free (owned->zone);
  g_clear_object (&owned->compromised);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Owned, owned_clear)

static gboolean
needs_certificate (IssTransitionKind kind)
{
  return kind == ISS_TRANSITION_SET || kind == ISS_TRANSITION_STAGE ||
         kind == ISS_TRANSITION_REPLACE;
}

static gboolean
needs_instant (IssTransitionKind kind)
{
  return kind == ISS_TRANSITION_STAGE || kind == ISS_TRANSITION_POSTPONE;
}

static gboolean
is_named (GArray                   *items,
          const IssCertificateType *type)
{
  for (guint i = 0; i < items->len; i++)
    if (g_array_index (items, IssChangeItem, i).type == type)
      return TRUE;

  return FALSE;
}

static gboolean
read_item (GArray             *items,
           GVariant           *wanted,
           IssTransitionKind   kind,
           GError            **error)
{
  g_autoptr(GVariant) hash = NULL;
  IssChangeItem item = { NULL };
  const char *name;
  gsize size;

  g_variant_get (wanted, "(&s@ay)", &name, &hash);
  size = g_variant_get_size (hash);

  item.type = iss_certificate_type_parse (name, error);
  if (item.type == NULL)
    return FALSE;

  if (is_named (items, item.type))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, _("%s is named twice"),
                   item.type->name);
      return FALSE;
    }

  if (size != (needs_certificate (kind) ? ISS_SHA256_SIZE : 0))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A certificate is named by the 32 bytes of its SHA-256"));
      return FALSE;
    }

  if (size > 0)
    item.sha256_hex = iss_text_hex (g_variant_get_data (hash), size, FALSE);
  g_array_append_val (items, item);

  return TRUE;
}

static gboolean
read_items (GArray             *items,
            GVariant           *wanted,
            IssTransitionKind   kind,
            GError            **error)
{
  gsize n = g_variant_n_children (wanted);

  if (n == 0 || n > MAX_WANTED)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("One to %d certificate types can be assigned at once"), MAX_WANTED);
      return FALSE;
    }

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (wanted, i);

      if (!read_item (items, child, kind, error))
        return FALSE;
    }

  return TRUE;
}

/* (transfer full) (nullable) in @out_text: a short text that goes into a file. */
static gboolean
read_text (GVariant    *options,
           const char  *name,
           gsize        max_length,
           char       **out_text,
           GError     **error)
{
  const char *text = NULL;

  if (!g_variant_lookup (options, name, "&s", &text) || *text == '\0')
    return TRUE;

  if (!iss_text_is_clean (text, max_length))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("The option “%s” is not a short text"), name);
      return FALSE;
    }

  *out_text = g_strdup (text);

  return TRUE;
}

static gboolean
read_fate (GVariant       *options,
           IssStagedFate  *out_fate,
           GError        **error)
{
  const char *text = "";

  g_variant_lookup (options, "staged", "&s", &text);
  for (guint i = 0; i < G_N_ELEMENTS (fates); i++)
    {
      if (g_str_equal (text, fates[i]))
        {
          *out_fate = (IssStagedFate) i;
          return TRUE;
        }
    }

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("The staged certificate can be kept or cancelled"));
  return FALSE;
}

/* (transfer full) in @out_certificate: what is compromised, if something is replaced for that. */
static gboolean
read_compromised (const IssAgentContext  *context,
                  GVariant               *options,
                  IssTransitionKind       kind,
                  GCancellable           *cancellable,
                  IssCertificate        **out_certificate,
                  GError                **error)
{
  g_autoptr(GVariant) der =
    g_variant_lookup_value (options, "compromised", G_VARIANT_TYPE_BYTESTRING);
  g_autoptr(GBytes) bytes = NULL;

  if (kind != ISS_TRANSITION_REPLACE)
    return TRUE;

  if (der == NULL || g_variant_get_size (der) > MAX_CERTIFICATE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("The certificate that is compromised is missing, or too large"));
      return FALSE;
    }

  bytes = g_variant_get_data_as_bytes (der);
  *out_certificate = iss_vetting_read_certificate (context->reader, bytes, cancellable, error);

  return *out_certificate != NULL;
}

static gboolean
read_transition (IssTransition  *transition,
                 Owned          *owned,
                 GVariant       *options,
                 GError        **error)
{
  if (needs_instant (transition->kind) &&
      !g_variant_lookup (options, "instant", "x", &transition->instant))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("The instant of the roll is missing"));
      return FALSE;
    }

  if (!read_fate (options, &transition->staged, error) ||
      !read_text (options, "typed", ISS_TRANSITION_MAX_TYPED, &owned->typed, error) ||
      !read_text (options, "zone", ISS_TRANSITION_MAX_ZONE, &owned->zone, error))
    return FALSE;

  transition->typed = owned->typed;
  transition->zone = owned->zone;
  transition->held = iss_agent_wire_get_boolean (options, "held");

  return TRUE;
}

/**
 * iss_agent_assign_read_names:
 * @options: an a{sv} from outside
 * @out_server_name: (out) (transfer full): the server's name; "" when not told
 * @out_sip_domains: (out) (transfer full): the pool's SIP domains
 * @error: return location for an error
 *
 * Returns: whether they are names
 */
gboolean
iss_agent_assign_read_names (GVariant   *options,
                             char      **out_server_name,
                             char     ***out_sip_domains,
                             GError    **error)
{
  g_auto(GStrv) domains = NULL;

  g_return_val_if_fail (options != NULL, FALSE);

  if (!g_variant_lookup (options, "sip-domains", "^as", &domains))
    domains = g_new0 (char *, 1);

  if (g_strv_length (domains) > MAX_SIP_DOMAINS)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("A pool has at most %d SIP domains"), MAX_SIP_DOMAINS);
      return FALSE;
    }

  for (guint i = 0; domains[i] != NULL; i++)
    {
      if (!iss_text_is_clean (domains[i], MAX_NAME))
        {
          g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                               _("One of the SIP domains is not the name of a domain"));
          return FALSE;
        }
    }

  *out_server_name = iss_agent_wire_dup_text (options, "server-name", MAX_NAME);
  *out_sip_domains = g_steal_pointer (&domains);
  return TRUE;
}

static GVariant *
outcome_to_variant (const IssChangeOutcome *outcome)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "changed",
                               g_variant_new_strv ((const char *const *) outcome->changed, -1));
  g_variant_dict_insert (&dict, "notes", "s", outcome->notes);
  g_variant_dict_insert (&dict, "published", "b", outcome->published);
  g_variant_dict_insert (&dict, "unattended", "b", outcome->unattended);
  if (outcome->publish_error != NULL)
    g_variant_dict_insert (&dict, "publish-error", "s", outcome->publish_error);

  return g_variant_new ("(@a{sv})", g_variant_dict_end (&dict));
}

/* A roll needs somebody who is there at its instant. */
static void
note_scheduler (IssRootFolder        *root,
                const IssChangeOrder *order,
                IssChangeOutcome     *outcome)
{
  const char *name = *order->server_name != '\0' ? order->server_name : _("this server");
  g_autoptr(GError) error = NULL;
  char *notes;

  if ((!needs_instant (order->transition.kind) &&
       order->transition.kind != ISS_TRANSITION_ARM) ||
      iss_scheduler_lock_check_resident (root, name, &error))
    return;

  notes = g_strconcat (outcome->notes, *outcome->notes != '\0' ? "; " : "", error->message, NULL);
  g_free (outcome->notes);
  outcome->notes = notes;
  outcome->unattended = TRUE;
}

/**
 * iss_agent_assign_run:
 * @context: for whom and when
 * @parameters: (sa(say)a{sv}): change, types with the SHA-256 of what each shall use, options
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error; see iss_change_run()
 *
 * Changes what types use, all or none.
 *
 * Returns: (transfer floating): (a{sv}): the outcome
 */
GVariant *
iss_agent_assign_run (const IssAgentContext  *context,
                      GVariant               *parameters,
                      GCancellable           *cancellable,
                      GError                **error)
{
  g_autoptr(GVariant) wanted = NULL;
  g_autoptr(GVariant) options = NULL;
  g_autoptr(IssChangeOutcome) outcome = NULL;
  g_auto(Owned) owned;
  IssChangeOrder order = { .who = context->who };
  const char *change;

  owned_init (&owned);
  g_variant_get (parameters, "(&s@a(say)@a{sv})", &change, &wanted, &options);

  if (!iss_transition_parse (change, &order.transition.kind, error))
    return NULL;

  /* When that is, only the server's own clock says. */
  if (order.transition.kind == ISS_TRANSITION_ROLL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A server rolls by itself. To roll now, assign the staged "
                             "certificate"));
      return NULL;
    }

  if (!read_items (owned.items, wanted, order.transition.kind, error) ||
      !read_transition (&order.transition, &owned, options, error) ||
      !read_compromised (context, options, order.transition.kind, cancellable,
                         &owned.compromised, error) ||
      !iss_agent_assign_read_names (options, &owned.server_name, &owned.sip_domains, error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  order.transition.now = context->now;
  order.compromised = owned.compromised;
  order.items = (const IssChangeItem *) (gpointer) owned.items->data;
  order.n_items = owned.items->len;
  order.server_name = owned.server_name;
  order.sip_domains = (const char *const *) owned.sip_domains;
  order.force = iss_agent_wire_get_boolean (options, "force");
  order.what_if = iss_agent_wire_get_boolean (options, "what-if");

  outcome = iss_change_run (context->root, &order, error);
  if (outcome == NULL)
    return NULL;

  note_scheduler (context->root, &order, outcome);

  return outcome_to_variant (outcome);
}

static gpointer
read_reply (GVariant  *reply,
            GVariant  *parameters,
            GError   **error)
{
  g_autoptr(GVariant) dict = g_variant_get_child_value (reply, 0);
  g_autoptr(IssChangeOutcome) outcome = g_new0 (IssChangeOutcome, 1);
  g_autofree char *publish_error = NULL;

  if (!g_variant_lookup (dict, "changed", "^as", &outcome->changed) ||
      g_strv_length (outcome->changed) > MAX_CHANGED)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("The server's answer to the assignment cannot be understood"));
      return NULL;
    }

  for (guint i = 0; outcome->changed[i] != NULL; i++)
    {
      char *clean = iss_text_sanitise (outcome->changed[i], -1, MAX_NAME);

      g_free (outcome->changed[i]);
      outcome->changed[i] = clean;
    }

  outcome->notes = iss_agent_wire_dup_text (dict, "notes", ISS_AGENT_WIRE_MAX_TEXT);
  outcome->published = iss_agent_wire_get_boolean (dict, "published");
  outcome->unattended = iss_agent_wire_get_boolean (dict, "unattended");
  publish_error = iss_agent_wire_dup_text (dict, "publish-error", ISS_AGENT_WIRE_MAX_TEXT);
  if (*publish_error != '\0')
    outcome->publish_error = g_steal_pointer (&publish_error);

  return g_steal_pointer (&outcome);
}

static GVariant *
new_options (const IssAssignRequest *request)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "server-name", "s",
                         request->server_name != NULL ? request->server_name : "");
  if (request->sip_domains != NULL)
    g_variant_dict_insert_value (&dict, "sip-domains",
                                 g_variant_new_strv (request->sip_domains, -1));
  if (needs_instant (request->kind))
    g_variant_dict_insert (&dict, "instant", "x", request->instant);
  if (request->typed != NULL)
    g_variant_dict_insert (&dict, "typed", "s", request->typed);
  if (request->zone != NULL)
    g_variant_dict_insert (&dict, "zone", "s", request->zone);
  if (request->compromised != NULL)
    g_variant_dict_insert_value (&dict, "compromised",
                                 g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING,
                                                           request->compromised, TRUE));
  g_variant_dict_insert (&dict, "held", "b", request->held);
  g_variant_dict_insert (&dict, "staged", "s", fates[request->staged]);
  g_variant_dict_insert (&dict, "force", "b", request->force);
  g_variant_dict_insert (&dict, "what-if", "b", request->what_if);

  return g_variant_dict_end (&dict);
}

/**
 * iss_agent_assign_call:
 * @request: what to change; not needed after this returns
 *
 * Returns: (transfer full): a call; its value is an #IssChangeOutcome
 */
IssAgentCall *
iss_agent_assign_call (const IssAssignRequest *request)
{
  GVariantBuilder wanted;

  g_return_val_if_fail (request != NULL, NULL);
  g_return_val_if_fail (request->types != NULL, NULL);
  g_return_val_if_fail ((request->sha256 != NULL) == needs_certificate (request->kind), NULL);

  g_variant_builder_init (&wanted, G_VARIANT_TYPE ("a(say)"));
  for (guint i = 0; request->types[i] != NULL; i++)
    {
      g_autoptr(GBytes) none = g_bytes_new_static ("", 0);
      GBytes *sha256 = request->sha256 != NULL ? request->sha256[i] : none;

      g_variant_builder_add (&wanted, "(s@ay)", request->types[i],
                             iss_agent_wire_new_bytes (sha256));
    }

  return iss_agent_call_new ("ChangeAssignments",
                             g_variant_new ("(sa(say)@a{sv})",
                                            iss_transition_get_name (request->kind), &wanted,
                                            new_options (request)),
                             "(a{sv})", read_reply, (GDestroyNotify) iss_change_outcome_free);
}
