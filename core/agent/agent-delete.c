/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-delete.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/agent-wire.h"
#include "core/assignment/assignments.h"
#include "core/assignment/trust.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/audit.h"
#include "core/store/certificate-store.h"
#include "core/store/properties.h"
#include "core/store/trash.h"

/* What is to be deleted. */
typedef struct
{
  GPtrArray     *hexes;          /* (element-type utf8), %NULL at the end */
  GPtrArray     *certificates;   /* (element-type IssCertificate) */
  IssStoreName   store;
  gboolean       force;
  gboolean       what_if;
} Wanted;

static void
wanted_clear (Wanted *wanted)
{
  g_clear_pointer (&wanted->hexes, g_ptr_array_unref);
  g_clear_pointer (&wanted->certificates, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wanted, wanted_clear)

static gboolean
read_wanted (Wanted    *wanted,
             GVariant  *parameters,
             GError   **error)
{
  g_autoptr(GVariant) list = NULL;
  g_autoptr(GVariant) options = NULL;
  g_autoptr(GPtrArray) hashes = NULL;
  const char *store;

  g_variant_get (parameters, "(&s@aay@a{sv})", &store, &list, &options);
  hashes = iss_agent_wire_read_hashes (list, ISS_TRASH_MAX_AT_ONCE, error);
  if (hashes == NULL || !iss_store_name_parse (store, &wanted->store, error))
    return FALSE;

  if (hashes->len == 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("Say which certificates to delete"));
      return FALSE;
    }

  wanted->force = iss_agent_wire_get_boolean (options, "force");
  wanted->what_if = iss_agent_wire_get_boolean (options, "what-if");
  wanted->hexes = g_ptr_array_new_with_free_func (g_free);
  wanted->certificates = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < hashes->len; i++)
    g_ptr_array_add (wanted->hexes,
                     iss_text_hex (g_bytes_get_data (hashes->pdata[i], NULL), ISS_SHA256_SIZE,
                                   FALSE));
  g_ptr_array_add (wanted->hexes, NULL);
  return TRUE;
}

/* The system's store is refused by the trash itself, without looking for them in it. */
static gboolean
load_certificates (IssRootFolder  *root,
                   Wanted         *wanted,
                   GError        **error)
{
  for (guint i = 0; wanted->hexes->pdata[i] != NULL; i++)
    {
      IssCertificate *certificate = iss_certificate_store_get (root, wanted->store,
                                                               wanted->hexes->pdata[i], error);

      if (certificate == NULL)
        return FALSE;

      g_ptr_array_add (wanted->certificates, certificate);
    }

  return TRUE;
}

/* "OAuthTokenIssuer (current) and Default (previous)"; and what takes it out of the first. */
static char *
dup_uses (const char  *assigned,
          char       **out_remedy)
{
  g_auto(GStrv) uses = g_strsplit (assigned, ",", -1);

  for (guint i = 0; uses[i] != NULL; i++)
    {
      g_auto(GStrv) parts = g_strsplit (uses[i], ":", 2);
      IssSlot slot = ISS_SLOT_CURRENT;

      if (parts[1] == NULL || !iss_slot_parse (parts[1], &slot, NULL))
        continue;

      if (i == 0)
        *out_remedy = g_strdup_printf ("issuantctl remove-certificate --type %s%s%s", parts[0],
                                       slot == ISS_SLOT_CURRENT ? "" : " --",
                                       slot == ISS_SLOT_CURRENT ? "" : iss_slot_get_name (slot));

      g_free (uses[i]);
      /* Translators: a certificate type and a slot: "OAuthTokenIssuer (current)" */
      uses[i] = g_strdup_printf (_("%s (%s)"), parts[0], iss_slot_get_label (slot));
    }

  return iss_text_join_names ((const char *const *) uses);
}

static gboolean
check_not_assigned (IssAssignments  *assignments,
                    const Wanted    *wanted,
                    GError         **error)
{
  g_autoptr(GHashTable) by_certificate = iss_assignments_dup_by_certificate (assignments);

  for (guint i = 0; wanted->store == ISS_STORE_MY && i < wanted->certificates->len; i++)
    {
      const char *assigned = g_hash_table_lookup (by_certificate, wanted->hexes->pdata[i]);
      g_autofree char *uses = NULL;
      g_autofree char *remedy = NULL;

      if (assigned == NULL)
        continue;

      uses = dup_uses (assigned, &remedy);
      g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                   _("“%s” is in use on this server and was not deleted: %s. Take it out of use "
                     "first (%s), then delete it"),
                   iss_certificate_get_issued_to (wanted->certificates->pdata[i]), uses, remedy);
      return FALSE;
    }

  return TRUE;
}

/* (nullable): which certificate in use has one of the wanted above it. */
static const char *
find_dependent (IssRootFolder  *root,
                const Wanted   *wanted,
                IssCertificate *certificate,
                gint64          now)
{
  g_autoptr(IssChain) chain = iss_trust_build_chain (root, certificate, now, NULL);
  GPtrArray *links;

  if (chain == NULL || iss_chain_get_status (chain) != ISS_CHAIN_STATUS_TRUSTED)
    return NULL;

  links = iss_chain_get_links (chain);
  for (guint i = 1; i < links->len; i++)
    {
      for (guint k = 0; k < wanted->certificates->len; k++)
        {
          if (g_str_equal (iss_certificate_get_sha256_hex (links->pdata[i]),
                           wanted->hexes->pdata[k]))
            return iss_certificate_get_issued_to (wanted->certificates->pdata[k]);
        }
    }

  return NULL;
}

static gboolean
check_chains (IssRootFolder   *root,
              IssAssignments  *assignments,
              const Wanted    *wanted,
              gint64           now,
              GError         **error)
{
  for (guint i = 0; i < iss_assignments_get_n (assignments); i++)
    {
      const IssAssignment *assignment = iss_assignments_get (assignments, i);
      const char *hex = assignment->slot[ISS_SLOT_CURRENT];
      g_autoptr(IssCertificate) certificate = NULL;
      const char *link;

      certificate = hex != NULL ? iss_certificate_store_get (root, ISS_STORE_MY, hex, NULL) : NULL;
      link = certificate != NULL ? find_dependent (root, wanted, certificate, now) : NULL;
      if (link == NULL)
        continue;

      g_set_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION,
                   _("“%s” is in the certification path of “%s”, which %s uses: without it that "
                     "certificate may not be trusted on this server any more"),
                   link, iss_certificate_get_issued_to (certificate), assignment->type->name);
      return FALSE;
    }

  return TRUE;
}

/* What --force, or an administrator who has read it, passes. */
static gboolean
check_warnings (IssRootFolder   *root,
                IssAssignments  *assignments,
                const Wanted    *wanted,
                gint64           now,
                GError         **error)
{
  if (wanted->store == ISS_STORE_DISALLOWED)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION,
                   _("Without its place in “%s”, “%s” may be trusted on this server again"),
                   iss_store_name_get_label (wanted->store),
                   iss_certificate_get_issued_to (wanted->certificates->pdata[0]));
      return FALSE;
    }

  for (guint i = 0; wanted->store == ISS_STORE_MY && i < wanted->certificates->len; i++)
    {
      g_auto(IssProperties) said = { NULL };

      /* Damaged ones say nothing. */
      if (!iss_properties_load (&said, root, wanted->hexes->pdata[i], NULL) ||
          said.intent != ISS_INTENT_POOL)
        continue;

      g_set_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION,
                   _("“%s” is meant for every server of the pool: without it this server differs "
                     "from the others"),
                   iss_certificate_get_issued_to (wanted->certificates->pdata[i]));
      return FALSE;
    }

  return check_chains (root, assignments, wanted, now, error);
}

static gboolean
append_audit (const IssAgentContext *context,
              const Wanted          *wanted,
              GError               **error)
{
  g_autoptr(GString) names = g_string_new (NULL);
  g_autofree char *hashes = g_strjoinv (" ", (char **) wanted->hexes->pdata);
  const char *details[] = { "certificates", hashes, "names", NULL, "store", NULL, NULL, NULL,
                            NULL };

  for (guint i = 0; i < wanted->certificates->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                            iss_certificate_get_issued_to (wanted->certificates->pdata[i]));

  details[3] = names->str;
  details[5] = iss_store_name_get_nick (wanted->store);
  if (wanted->force)
    {
      details[6] = "force";
      details[7] = "yes";
    }

  return iss_audit_append (context->root, context->now, context->who, "delete", details, error);
}

/**
 * iss_agent_delete_run:
 * @context: for whom and when
 * @parameters: (s store, aay certificates, a{sv} options): force b, what-if b
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error: %ISS_ERROR_REFUSED while one is assigned and for the
 *   system's store, %ISS_ERROR_NEEDS_CONFIRMATION without "force" when something depends on one,
 *   %ISS_ERROR_NOT_FOUND when one is not in the store (any more)
 *
 * Moves certificates into the trash, all or none.
 *
 * Returns: (transfer floating): (as entries): the trash entries, in the order of the certificates
 */
GVariant *
iss_agent_delete_run (const IssAgentContext  *context,
                      GVariant               *parameters,
                      GCancellable           *cancellable,
                      GError                **error)
{
  g_auto(Wanted) wanted = { NULL };
  g_autoptr(IssAssignments) assignments = NULL;
  g_auto(GStrv) entries = NULL;

  if (!read_wanted (&wanted, parameters, error))
    return NULL;

  if (!iss_store_name_is_read_only (wanted.store))
    {
      assignments = iss_assignments_load (context->root, error);
      if (assignments == NULL || !load_certificates (context->root, &wanted, error) ||
          !check_not_assigned (assignments, &wanted, error))
        return NULL;

      if (!wanted.force && !check_warnings (context->root, assignments, &wanted, context->now,
                                            error))
        return NULL;

      if (wanted.what_if)
        return g_variant_new ("(as)", NULL);
    }

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  entries = iss_trash_put (context->root, wanted.store,
                           (const char *const *) wanted.hexes->pdata, context->now, context->who,
                           error);
  if (entries == NULL)
    return NULL;

  if (!append_audit (context, &wanted, error))
    {
      g_prefix_error (error, _("The certificates were deleted, but the audit log was not "
                               "written: "));
      return NULL;
    }

  return g_variant_new ("(^as)", entries);
}

static gpointer
read_deleted (GVariant  *reply,
              GVariant  *parameters,
              GError   **error)
{
  g_autoptr(GVariant) asked = g_variant_get_child_value (parameters, 1);
  g_auto(GStrv) entries = NULL;

  g_variant_get (reply, "(^as)", &entries);

  for (guint i = 0; entries[i] != NULL; i++)
    {
      if (i < g_variant_n_children (asked) && iss_trash_entry_is_id (entries[i]))
        continue;

      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_PROTOCOL,
                           _("The server's answer to a deletion cannot be understood"));
      return NULL;
    }

  return g_steal_pointer (&entries);
}

/**
 * iss_agent_delete_call:
 * @store: a store
 * @certificates: (element-type GBytes): SHA-256 of certificates of it
 * @force: pass warnings
 * @what_if: only ask what would be
 *
 * Returns: (transfer full): a call that deletes them; its value is a %NULL-terminated array of
 *   the names of the trash entries, for a restore
 */
IssAgentCall *
iss_agent_delete_call (IssStoreName  store,
                       GPtrArray    *certificates,
                       gboolean      force,
                       gboolean      what_if)
{
  GVariantDict options;

  g_return_val_if_fail ((guint) store < ISS_N_STORES, NULL);
  g_return_val_if_fail (certificates != NULL, NULL);

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "force", "b", force);
  g_variant_dict_insert (&options, "what-if", "b", what_if);

  return iss_agent_call_new ("Delete",
                             g_variant_new ("(s@aay@a{sv})", iss_store_name_get_nick (store),
                                            iss_agent_wire_new_hashes (certificates),
                                            g_variant_dict_end (&options)),
                             "(as)", read_deleted, (GDestroyNotify) g_strfreev);
}
