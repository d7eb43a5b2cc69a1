/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-log.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/agent-wire.h"
#include "core/base/error.h"
#include "core/store/audit-reader.h"
#include "core/store/audit-sentence.h"
#include "core/store/certificate-store.h"

#define GET_REPLY "(ta(tuay)a{ss})"
#define VERIFY_REPLY "(a{sv})"

#define MAX_NAMES 4096
#define MAX_NAME 256
#define MAX_WHAT 64
#define MAX_PAGE_BYTES (ISS_AGENT_WIRE_MAX_REPLY / 4)

/* What the agent looks for. */
typedef struct
{
  IssRootFolder *root;     /* borrowed */
  GHashTable    *names;    /* owned: SHA-256 in hex -> issued to, "" = unknown */
  char          *filter;   /* owned, case folded; "" = anything */
  char          *what;     /* owned; "" = anything */
  gint64         since;
} Search;

static void
search_clear (Search *search)
{
  g_hash_table_unref (search->names);
  g_free (search->filter);
  g_free (search->what);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

static char *
dup_issued_to (IssRootFolder *root,
               const char    *hex)
{
  for (IssStoreName store = 0; store < ISS_N_STORES; store++)
    {
      g_autoptr(IssCertificate) certificate = NULL;

      /* The bundle is one large file, and nothing is ever done to what is in it. */
      if (store == ISS_STORE_AUTHROOT)
        continue;

      certificate = iss_certificate_store_get (root, store, hex, NULL);
      if (certificate != NULL)
        return iss_text_sanitise (iss_certificate_get_issued_to (certificate), -1, MAX_NAME);
    }

  return g_strdup ("");
}

static void
learn_names (Search        *search,
             IssAuditEntry *entry)
{
  const char *const *details = iss_audit_entry_get_details (entry);

  for (guint i = 0; details[i] != NULL; i += 2)
    {
      const char *position = details[i + 1];
      char *hex;

      while (iss_audit_sentence_next_hash (&position, &hex))
        {
          if (g_hash_table_contains (search->names, hex) ||
              g_hash_table_size (search->names) >= MAX_NAMES)
            g_free (hex);
          else
            g_hash_table_insert (search->names, hex, dup_issued_to (search->root, hex));
        }
    }
}

static gboolean
says (IssAuditEntry *entry,
      const char    *filter)
{
  g_autofree char *sentence = iss_audit_sentence_dup (entry);
  g_autofree char *details = iss_audit_sentence_dup_details (entry);
  g_autofree char *all = g_strjoin ("\n", sentence, details, iss_audit_entry_get_text (entry),
                                    NULL);
  g_autofree char *folded = g_utf8_casefold (all, -1);

  return strstr (folded, filter) != NULL;
}

static gboolean
is_wanted (IssAuditEntry *entry,
           gpointer       user_data)
{
  Search *search = user_data;
  const gboolean whole = iss_audit_entry_get_state (entry) == ISS_AUDIT_ENTRY_WHOLE;

  if (*search->what != '\0' && !g_str_equal (iss_audit_entry_get_what (entry), search->what))
    return FALSE;

  /* What is no entry has no time: it may not hide behind that. */
  if (whole && iss_audit_entry_get_time (entry) < search->since)
    return FALSE;

  learn_names (search, entry);
  return *search->filter == '\0' || says (entry, search->filter);
}

static gboolean
read_options (GVariant  *options,
              Search    *search,
              GError   **error)
{
  g_autofree char *filter = NULL;
  const char *text = NULL;
  const char *what = NULL;

  g_variant_lookup (options, "filter", "&s", &text);
  g_variant_lookup (options, "what", "&s", &what);
  g_variant_lookup (options, "since", "x", &search->since);

  if (text != NULL && g_utf8_strlen (text, -1) > ISS_AGENT_LOG_MAX_FILTER)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("What is looked for has at most %d characters"), ISS_AGENT_LOG_MAX_FILTER);
      return FALSE;
    }

  search->filter = g_utf8_casefold (text != NULL ? text : "", -1);
  search->what = iss_text_sanitise (what != NULL ? what : "", -1, MAX_WHAT);
  return TRUE;
}

static GVariant *
new_page (GPtrArray *entries,
          guint64    next,
          Search    *search)
{
  g_autoptr(GHashTable) told = g_hash_table_new (g_str_hash, g_str_equal);
  GVariantBuilder lines;
  GVariantBuilder names;
  gsize size = 0;

  g_variant_builder_init (&lines, G_VARIANT_TYPE ("a(tuay)"));
  g_variant_builder_init (&names, G_VARIANT_TYPE ("a{ss}"));

  for (guint i = 0; i < entries->len; i++)
    {
      IssAuditEntry *entry = entries->pdata[i];
      const char *const *details = iss_audit_entry_get_details (entry);
      GBytes *line = iss_audit_entry_get_line (entry);

      /* The next page begins below the last one that is on this one. */
      size += g_bytes_get_size (line);
      if (size > MAX_PAGE_BYTES && i > 0)
        {
          next = iss_audit_entry_get_offset (entries->pdata[i - 1]);
          break;
        }

      g_variant_builder_add (&lines, "(tu@ay)", iss_audit_entry_get_offset (entry),
                             (guint) iss_audit_entry_get_state (entry),
                             iss_agent_wire_new_bytes (line));

      for (guint k = 0; details[k] != NULL; k += 2)
        {
          const char *position = details[k + 1];
          const char *name;
          char *hex;

          while (iss_audit_sentence_next_hash (&position, &hex))
            {
              gpointer key;

              if (g_hash_table_lookup_extended (search->names, hex, &key, (gpointer *) &name) &&
                  *name != '\0' && g_hash_table_add (told, key))
                g_variant_builder_add (&names, "{ss}", hex, name);
              g_free (hex);
            }
        }
    }

  return g_variant_new ("(t@a(tuay)@a{ss})", next, g_variant_builder_end (&lines),
                        g_variant_builder_end (&names));
}

/**
 * iss_agent_log_get_run:
 * @context: for whom and when
 * @parameters: GetLog's arguments
 * @cancellable: (nullable): not looked at
 * @error: return location for an error
 *
 * Returns: (transfer floating): GetLog's answer
 */
GVariant *
iss_agent_log_get_run (const IssAgentContext  *context,
                       GVariant               *parameters,
                       GCancellable           *cancellable,
                       GError                **error)
{
  g_autoptr(GVariant) options = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  g_auto(Search) search = { .root = context->root };
  guint64 before;
  guint64 next;
  guint limit;

  search.names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_variant_get (parameters, "(tu@a{sv})", &before, &limit, &options);

  if (limit < 1 || limit > ISS_AGENT_LOG_MAX_PAGE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, _("A page has 1 to %d entries"),
                   ISS_AGENT_LOG_MAX_PAGE);
      return NULL;
    }

  if (!read_options (options, &search, error))
    return NULL;

  entries = iss_audit_reader_read (context->root, before, limit, search.names, is_wanted, &search,
                                   &next, error);
  return entries != NULL ? new_page (entries, next, &search) : NULL;
}

/**
 * iss_agent_log_verify_run:
 * @context: for whom and when
 * @parameters: VerifyLog's arguments
 * @cancellable: (nullable): not looked at
 * @error: return location for an error
 *
 * Returns: (transfer floating): VerifyLog's answer
 */
GVariant *
iss_agent_log_verify_run (const IssAgentContext  *context,
                          GVariant               *parameters,
                          GCancellable           *cancellable,
                          GError                **error)
{
  IssAuditCheck check;
  GVariantDict dict;

  if (!iss_audit_check_run (context->root, &check, error))
    return NULL;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "entries", "t", check.n_entries);
  g_variant_dict_insert (&dict, "torn", "t", check.n_torn);
  g_variant_dict_insert (&dict, "last", "t", check.last_n);
  g_variant_dict_insert (&dict, "first-time", "x", check.first_time);
  g_variant_dict_insert (&dict, "last-time", "x", check.last_time);
  g_variant_dict_insert (&dict, "sha256", "s", check.last_hash);
  g_variant_dict_insert (&dict, "faults", "t", check.n_faults);
  g_variant_dict_insert (&dict, "fault", "u", (guint) check.fault);
  g_variant_dict_insert (&dict, "from", "t", check.from);
  g_variant_dict_insert (&dict, "to", "t", check.to);
  g_variant_dict_insert (&dict, "line", "t", check.line);
  g_variant_dict_insert (&dict, "proven-from", "t", check.proven_from);
  return g_variant_new ("(@a{sv})", g_variant_dict_end (&dict));
}

static gboolean
set_hostile_error (GError     **error,
                   const char  *what)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
               _("The server's answer about its audit record makes no sense: %s"), what);
  return FALSE;
}

static GHashTable *
read_names (GVariant  *names,
            GError   **error)
{
  g_autoptr(GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GVariantIter iter;
  const char *hex;
  const char *name;

  if (g_variant_n_children (names) > MAX_NAMES)
    {
      set_hostile_error (error, _("it has too many names"));
      return NULL;
    }

  g_variant_iter_init (&iter, names);
  while (g_variant_iter_next (&iter, "{&s&s}", &hex, &name))
    {
      if (strlen (hex) != ISS_AUDIT_HEX_SIZE || !iss_audit_line_is_hash (hex))
        {
          set_hostile_error (error, _("a name is not that of a certificate"));
          return NULL;
        }

      g_hash_table_insert (table, g_strdup (hex), iss_text_sanitise (name, -1, MAX_NAME));
    }

  return g_steal_pointer (&table);
}

/* Newest first, each below the one before it, none twice. */
static gboolean
read_entries (GVariant    *lines,
              guint64      before,
              GHashTable  *names,
              GPtrArray   *entries,
              GError     **error)
{
  guint64 above = before != 0 ? before : G_MAXUINT64;

  for (gsize i = 0; i < g_variant_n_children (lines); i++)
    {
      g_autoptr(GVariant) bytes = NULL;
      g_autoptr(GBytes) line = NULL;
      guint64 offset;
      guint state;

      g_variant_get_child (lines, i, "(tu@ay)", &offset, &state, &bytes);
      line = iss_agent_wire_dup_bytes (bytes);

      if (offset >= above)
        return set_hostile_error (error, _("its entries are not in order"));
      if (g_bytes_get_size (line) > ISS_AUDIT_MAX_LINE)
        return set_hostile_error (error, _("an entry is too long"));
      if (state >= ISS_N_AUDIT_ENTRY_STATES)
        return set_hostile_error (error, _("an entry is of no known kind"));

      /* Whether it is one is seen here. */
      g_ptr_array_add (entries, iss_audit_entry_new (line, offset,
                                                     state == ISS_AUDIT_ENTRY_TORN
                                                       ? ISS_AUDIT_ENTRY_TORN
                                                       : ISS_AUDIT_ENTRY_DAMAGED,
                                                     names));
      above = offset;
    }

  return TRUE;
}

static gpointer
read_page (GVariant  *reply,
           GVariant  *parameters,
           GError   **error)
{
  g_autoptr(IssAgentLogPage) page = g_new0 (IssAgentLogPage, 1);
  g_autoptr(GVariant) lines = NULL;
  g_autoptr(GVariant) names_variant = NULL;
  g_autoptr(GHashTable) names = NULL;
  guint64 before;
  guint64 lowest;
  guint limit;

  g_variant_get (parameters, "(tu@a{sv})", &before, &limit, NULL);
  g_variant_get (reply, "(t@a(tuay)@a{ss})", &page->next, &lines, &names_variant);
  page->entries = g_ptr_array_new_with_free_func (g_object_unref);

  if (g_variant_n_children (lines) > limit)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The server sent more entries of its audit record than were asked for"));
      return NULL;
    }

  names = read_names (names_variant, error);
  if (names == NULL || !read_entries (lines, before, names, page->entries, error))
    return NULL;

  /* Else a caller that asks for all pages would never end. */
  lowest = page->entries->len > 0
    ? iss_audit_entry_get_offset (page->entries->pdata[page->entries->len - 1])
    : (before != 0 ? before - 1 : G_MAXUINT64);
  if (page->next > lowest)
    {
      set_hostile_error (error, _("its next page is not below this one"));
      return NULL;
    }

  return g_steal_pointer (&page);
}

static gpointer
read_check (GVariant  *reply,
            GVariant  *parameters,
            GError   **error)
{
  g_autofree IssAuditCheck *check = g_new0 (IssAuditCheck, 1);
  g_autoptr(GVariant) dict = g_variant_get_child_value (reply, 0);
  g_autofree char *hash = iss_agent_wire_dup_text (dict, "sha256", ISS_AUDIT_HEX_SIZE);
  guint fault = ISS_N_AUDIT_FAULTS;

  if (!g_variant_lookup (dict, "entries", "t", &check->n_entries) ||
      !g_variant_lookup (dict, "faults", "t", &check->n_faults) ||
      !g_variant_lookup (dict, "fault", "u", &fault))
    {
      set_hostile_error (error, _("it does not say what was found"));
      return NULL;
    }

  g_variant_lookup (dict, "torn", "t", &check->n_torn);
  g_variant_lookup (dict, "last", "t", &check->last_n);
  g_variant_lookup (dict, "first-time", "x", &check->first_time);
  g_variant_lookup (dict, "last-time", "x", &check->last_time);
  g_variant_lookup (dict, "from", "t", &check->from);
  g_variant_lookup (dict, "to", "t", &check->to);
  g_variant_lookup (dict, "line", "t", &check->line);
  g_variant_lookup (dict, "proven-from", "t", &check->proven_from);

  /* Unbroken is said only when nothing in the answer denies it. */
  if (fault >= ISS_N_AUDIT_FAULTS || (fault == ISS_AUDIT_FAULT_NONE) != (check->n_faults == 0) ||
      (check->n_faults == 0 && check->n_entries > 0 && check->proven_from != 1) ||
      check->proven_from > check->last_n)
    {
      set_hostile_error (error, _("it contradicts itself"));
      return NULL;
    }

  if (*hash != '\0' && !iss_audit_line_is_hash (hash))
    {
      set_hostile_error (error, _("a hash is none"));
      return NULL;
    }

  check->fault = (IssAuditFault) fault;
  g_strlcpy (check->last_hash, hash, sizeof check->last_hash);
  return g_steal_pointer (&check);
}

/**
 * iss_agent_log_page_free:
 * @page: (transfer full): a page
 *
 * Frees it.
 */
void
iss_agent_log_page_free (IssAgentLogPage *page)
{
  g_return_if_fail (page != NULL);

  g_clear_pointer (&page->entries, g_ptr_array_unref);
  g_free (page);
}

/**
 * iss_agent_log_new_get:
 * @query: which entries are wanted
 *
 * Returns: (transfer full): the call, whose value is an #IssAgentLogPage
 */
IssAgentCall *
iss_agent_log_new_get (const IssAgentLogQuery *query)
{
  GVariantDict options;

  g_return_val_if_fail (query != NULL, NULL);

  g_variant_dict_init (&options, NULL);
  if (query->filter != NULL && *query->filter != '\0')
    g_variant_dict_insert (&options, "filter", "s", query->filter);
  if (query->what != NULL)
    g_variant_dict_insert (&options, "what", "s", query->what);
  if (query->since != 0)
    g_variant_dict_insert (&options, "since", "x", query->since);

  return iss_agent_call_new ("GetLog",
                             g_variant_new ("(tu@a{sv})", query->before, query->limit,
                                            g_variant_dict_end (&options)),
                             GET_REPLY, read_page, (GDestroyNotify) iss_agent_log_page_free);
}

/**
 * iss_agent_log_new_verify:
 *
 * Returns: (transfer full): the call, whose value is an #IssAuditCheck
 */
IssAgentCall *
iss_agent_log_new_verify (void)
{
  return iss_agent_call_new ("VerifyLog", g_variant_new ("(@a{sv})",
                                                         g_variant_new_array (
                                                           G_VARIANT_TYPE ("{sv}"), NULL, 0)),
                             VERIFY_REPLY, read_check, g_free);
}
