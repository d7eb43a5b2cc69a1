/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-trash.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/agent-wire.h"
#include "core/base/error.h"
#include "core/base/text.h"

#define MAX_TEXT 256

/**
 * iss_agent_trash_free:
 * @self: (transfer full): what is in a trash
 */
void
iss_agent_trash_free (IssAgentTrash *self)
{
  g_ptr_array_unref (self->entries);
  g_free (self);
}

static GVariant *
new_bytes (gconstpointer data,
           gsize         size)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, size, 1);
}

static GVariant *
new_entries (GPtrArray *entries)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < entries->len; i++)
    {
      const IssTrashEntry *entry = g_ptr_array_index (entries, i);
      GVariantDict dict;

      g_variant_dict_init (&dict, NULL);
      g_variant_dict_insert (&dict, "id", "s", entry->id);
      g_variant_dict_insert_value (&dict, "sha1", new_bytes (entry->sha1, sizeof entry->sha1));
      g_variant_dict_insert (&dict, "store", "s", iss_store_name_get_nick (entry->store));
      g_variant_dict_insert (&dict, "issued-to", "s", entry->issued_to);
      g_variant_dict_insert (&dict, "issued-by", "s", entry->issued_by);
      g_variant_dict_insert (&dict, "friendly-name", "s", entry->friendly_name);
      g_variant_dict_insert (&dict, "not-after", "x", entry->not_after);
      g_variant_dict_insert (&dict, "deleted", "x", entry->deleted);
      g_variant_dict_insert (&dict, "who", "s", entry->who);
      g_variant_dict_insert (&dict, "has-key", "b", entry->has_key);
      g_variant_builder_add_value (&builder, g_variant_dict_end (&dict));
    }

  return g_variant_builder_end (&builder);
}

/**
 * iss_agent_trash_run_list:
 * @context: for whom and when
 * @parameters: (a{sv} options)
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Returns: (transfer floating): (u all, aa{sv} entries), the newest
 *   %ISS_TRASH_MAX_AT_ONCE
 */
GVariant *
iss_agent_trash_run_list (const IssAgentContext  *context,
                          GVariant               *parameters,
                          GCancellable           *cancellable,
                          GError                **error)
{
  g_autoptr(GPtrArray) entries = NULL;
  guint n_all;

  entries = iss_trash_list (context->root, ISS_TRASH_MAX_AT_ONCE, &n_all, error);
  if (entries == NULL)
    return NULL;

  return g_variant_new ("(u@aa{sv})", n_all, new_entries (entries));
}

/**
 * iss_agent_trash_run_restore:
 * @context: for whom and when
 * @parameters: (as entries, a{sv} options): what-if b
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error, as of iss_trash_restore()
 *
 * Puts back what was deleted, all or none; what is back already is passed over.
 *
 * Returns: (transfer floating): (aa{sv} entries) that came back
 */
GVariant *
iss_agent_trash_run_restore (const IssAgentContext  *context,
                             GVariant               *parameters,
                             GCancellable           *cancellable,
                             GError                **error)
{
  g_autofree const char **ids = NULL;
  g_autoptr(GVariant) options = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  gboolean what_if;

  g_variant_get (parameters, "(^a&s@a{sv})", &ids, &options);
  what_if = iss_agent_wire_get_boolean (options, "what-if");

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  entries = iss_trash_restore (context->root, ids, what_if, error);
  if (entries == NULL)
    return NULL;

  if (!what_if && entries->len > 0 &&
      !iss_trash_entry_append_audit (context->root, context->now, context->who, "restore",
                                     entries, error))
    {
      g_prefix_error (error, _("The certificates were restored, but the audit log was not "
                               "written: "));
      return NULL;
    }

  return g_variant_new ("(@aa{sv})", new_entries (entries));
}

/* From outside: everything is checked. */
static IssTrashEntry *
read_entry (GVariant  *dictionary,
            GError   **error)
{
  g_autoptr(IssTrashEntry) entry = g_new0 (IssTrashEntry, 1);
  g_autoptr(GVariant) sha1 = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  g_autofree char *store = iss_agent_wire_dup_text (dictionary, "store", 32);
  gconstpointer data;
  gsize size = 0;

  entry->id = iss_agent_wire_dup_text (dictionary, "id", 128);
  sha1 = g_variant_lookup_value (dictionary, "sha1", G_VARIANT_TYPE_BYTESTRING);
  data = sha1 != NULL ? g_variant_get_fixed_array (sha1, &size, 1) : NULL;

  if (!iss_trash_entry_is_id (entry->id) || size != sizeof entry->sha1 ||
      !iss_store_name_parse (store, &entry->store, NULL))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_PROTOCOL,
                           _("The server's list of its trash cannot be understood"));
      return NULL;
    }

  memcpy (entry->sha1, data, size);
  entry->sha256_hex = g_strdup (strchr (entry->id, '-') + 1);
  sha256 = iss_text_parse_hex (entry->sha256_hex);
  memcpy (entry->sha256, g_bytes_get_data (sha256, NULL), sizeof entry->sha256);
  entry->issued_to = iss_agent_wire_dup_text (dictionary, "issued-to", MAX_TEXT);
  entry->issued_by = iss_agent_wire_dup_text (dictionary, "issued-by", MAX_TEXT);
  entry->friendly_name = iss_agent_wire_dup_text (dictionary, "friendly-name", MAX_TEXT);
  entry->who = iss_agent_wire_dup_text (dictionary, "who", MAX_TEXT);
  g_variant_lookup (dictionary, "not-after", "x", &entry->not_after);
  g_variant_lookup (dictionary, "deleted", "x", &entry->deleted);
  entry->has_key = iss_agent_wire_get_boolean (dictionary, "has-key");
  return g_steal_pointer (&entry);
}

static GPtrArray *
read_entries (GVariant  *list,
              GError   **error)
{
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify)
                                                                 iss_trash_entry_free);

  if (g_variant_n_children (list) > ISS_TRASH_MAX_AT_ONCE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                           _("The server's list of its trash is too long"));
      return NULL;
    }

  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr(GVariant) dictionary = g_variant_get_child_value (list, i);
      IssTrashEntry *entry = read_entry (dictionary, error);

      if (entry == NULL)
        return NULL;

      g_ptr_array_add (entries, entry);
    }

  return g_steal_pointer (&entries);
}

static gpointer
read_trash (GVariant  *reply,
            GVariant  *parameters,
            GError   **error)
{
  g_autoptr(GVariant) list = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  IssAgentTrash *trash;
  guint n_all;

  g_variant_get (reply, "(u@aa{sv})", &n_all, &list);
  entries = read_entries (list, error);
  if (entries == NULL)
    return NULL;

  trash = g_new0 (IssAgentTrash, 1);
  trash->n_all = MAX (n_all, entries->len);
  trash->entries = g_steal_pointer (&entries);
  return trash;
}

static gpointer
read_restored (GVariant  *reply,
               GVariant  *parameters,
               GError   **error)
{
  g_autoptr(GVariant) list = g_variant_get_child_value (reply, 0);

  return read_entries (list, error);
}

/**
 * iss_agent_trash_call_list:
 *
 * Returns: (transfer full): a call for what is in the trash; its value is an #IssAgentTrash
 */
IssAgentCall *
iss_agent_trash_call_list (void)
{
  return iss_agent_call_new ("ListTrash", g_variant_new ("(a{sv})", NULL), "(uaa{sv})",
                             read_trash, (GDestroyNotify) iss_agent_trash_free);
}

/**
 * iss_agent_trash_call_restore:
 * @ids: (array zero-terminated=1): entries
 * @what_if: only ask what would be
 *
 * Returns: (transfer full): a call that restores; its value is (element-type IssTrashEntry)
 */
IssAgentCall *
iss_agent_trash_call_restore (const char *const *ids,
                              gboolean           what_if)
{
  GVariantDict options;

  g_return_val_if_fail (ids != NULL, NULL);

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "what-if", "b", what_if);

  return iss_agent_call_new ("Restore",
                             g_variant_new ("(^as@a{sv})", ids, g_variant_dict_end (&options)),
                             "(aa{sv})", read_restored, (GDestroyNotify) g_ptr_array_unref);
}
