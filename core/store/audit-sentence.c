/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/audit-sentence.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/store/audit-line.h"
#include "core/store/store-name.h"

#define SHORT_DIGITS 8
#define MOST_NAMES 3
#define MOST_TYPES 8
#define CUT_OFF "…"

/* What is done to certificates, without more to say about it. */
typedef struct
{
  const char *what;
  const char *sentence;   /* who, certificate */
} Deed;

/**
 * iss_audit_sentence_next_hash:
 * @position: (inout): where to begin in the value of a detail; moved behind what was found
 * @out_hex: (out) (transfer full): 64 digits of lower-case hex
 *
 * Returns: whether there was one
 */
gboolean
iss_audit_sentence_next_hash (const char **position,
                              char       **out_hex)
{
  const char *text = *position;

  while (*text != '\0')
    {
      gsize length = strcspn (text, " ,:");

      if (length == ISS_AUDIT_HEX_SIZE && iss_audit_line_is_hash (text))
        {
          *position = text + length;
          *out_hex = g_strndup (text, length);
          return TRUE;
        }

      text += length;
      if (*text != '\0')
        text++;
    }

  return FALSE;
}

static char *
dup_name (IssAuditEntry *entry,
          const char    *hex)
{
  const char *name = iss_audit_entry_get_name_of (entry, hex);

  if (name != NULL && *name != '\0')
    return g_strdup (name);

  /* Translators: the first digits of a certificate's SHA-256 */
  return g_strdup_printf (_("certificate %.*s…"), SHORT_DIGITS, hex);
}

/* What was written down with the entry, for what is not in any store any more. */
static char *
dup_written_name (IssAuditEntry *entry,
                  const char    *hex,
                  guint          index,
                  guint          n_hashes)
{
  const char *name = iss_audit_entry_get_detail (entry, "name");
  const char *names = iss_audit_entry_get_detail (entry, "names");
  g_auto(GStrv) parts = NULL;

  if (name != NULL && *name != '\0' && n_hashes == 1)
    return g_strdup (name);

  parts = g_strsplit (names != NULL ? names : "", ", ", -1);
  if (g_strv_length (parts) == n_hashes && *parts[index] != '\0')
    return g_strdup (parts[index]);

  return dup_name (entry, hex);
}

/* "a, b and c", or how many they are. */
static char *
dup_certificates (IssAuditEntry *entry)
{
  const char *value = iss_audit_entry_get_detail (entry, "certificate");
  g_autoptr(GPtrArray) hashes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *position;
  char *hex;
  guint n_names;

  if (value == NULL)
    value = iss_audit_entry_get_detail (entry, "certificates");
  if (value == NULL)
    return g_strdup (_("a certificate"));

  position = value;
  while (iss_audit_sentence_next_hash (&position, &hex))
    g_ptr_array_add (hashes, hex);

  n_names = hashes->len;
  if (n_names == 0)
    return g_strdup (value);

  if (g_str_has_suffix (value, CUT_OFF))
    return g_strdup_printf (_("more than %u certificates"), n_names);

  if (n_names > MOST_NAMES)
    return g_strdup_printf (ngettext ("%u certificate", "%u certificates", n_names), n_names);

  for (guint i = 0; i < n_names; i++)
    g_ptr_array_add (names, dup_written_name (entry, hashes->pdata[i], i, n_names));
  g_ptr_array_add (names, NULL);
  return iss_text_join_names ((const char *const *) names->pdata);
}

static const char *
get_store_label (IssAuditEntry *entry)
{
  const char *nick = iss_audit_entry_get_detail (entry, "store");
  IssStoreName store;

  if (nick == NULL || *nick == '\0')
    return NULL;

  return iss_store_name_parse (nick, &store, NULL) ? iss_store_name_get_label (store) : nick;
}

static char *
dup_import (IssAuditEntry *entry,
            const char    *who)
{
  g_autofree char *certificates = dup_certificates (entry);
  const char *store = get_store_label (entry);

  if (store == NULL)
    /* Translators: "alice imported auth.contoso.example" */
    return g_strdup_printf (_("%s imported %s"), who, certificates);

  /* Translators: "alice imported auth.contoso.example into Personal" */
  return g_strdup_printf (_("%s imported %s into %s"), who, certificates, store);
}

static char *
dup_export (IssAuditEntry *entry,
            const char    *who)
{
  g_autofree char *certificates = dup_certificates (entry);

  if (iss_audit_entry_get_detail (entry, "key") != NULL)
    return g_strdup_printf (_("%s exported %s with its private key"), who, certificates);

  return g_strdup_printf (_("%s exported %s"), who, certificates);
}

/* The details are a type and its certificate in turns, and "force". */
static char *
dup_assignment (IssAuditEntry *entry,
                const char    *who)
{
  const char *const *details = iss_audit_entry_get_details (entry);
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *list = NULL;
  gboolean forced = FALSE;

  for (guint i = 0; details[i] != NULL && parts->len < MOST_TYPES; i += 2)
    {
      const char *position = details[i + 1];
      g_autofree char *hex = NULL;
      g_autofree char *name = NULL;

      if (g_str_equal (details[i], "force"))
        forced = TRUE;
      if (!iss_audit_sentence_next_hash (&position, &hex))
        continue;

      name = dup_name (entry, hex);
      /* Translators: a certificate and its type: "auth.contoso.example to OAuthTokenIssuer" */
      g_ptr_array_add (parts, g_strdup_printf (_("%s to %s"), name, details[i]));
    }

  if (parts->len == 0)
    return g_strdup_printf (_("%s assigned again what was assigned already"), who);

  g_ptr_array_add (parts, NULL);
  list = iss_text_join_names ((const char *const *) parts->pdata);

  /* Translators: "alice assigned auth.contoso.example to OAuthTokenIssuer" */
  return forced ? g_strdup_printf (_("%s assigned %s, passing warnings"), who, list)
                : g_strdup_printf (_("%s assigned %s"), who, list);
}

/* "auth.contoso.example for OAuthTokenIssuer", or the type alone; not what is said beside them. */
static char *
dup_types (IssAuditEntry *entry)
{
  static const char *const others[] = { "instant", "held", "force", "compromised", NULL };
  const char *const *details = iss_audit_entry_get_details (entry);
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; details[i] != NULL && parts->len < MOST_TYPES; i += 2)
    {
      const char *position = details[i + 1];
      g_autofree char *hex = NULL;
      g_autofree char *name = NULL;

      if (g_strv_contains (others, details[i]))
        continue;

      if (iss_audit_sentence_next_hash (&position, &hex))
        name = dup_name (entry, hex);

      /* Translators: a certificate and its type: "auth.contoso.example for OAuthTokenIssuer" */
      g_ptr_array_add (parts, name != NULL ? g_strdup_printf (_("%s for %s"), name, details[i])
                                           : g_strdup (details[i]));
    }

  if (parts->len == 0)
    return g_strdup (_("nothing"));

  g_ptr_array_add (parts, NULL);
  return iss_text_join_names ((const char *const *) parts->pdata);
}

static char *
dup_instant (IssAuditEntry *entry)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  const char *text = iss_audit_entry_get_detail (entry, "instant");
  gint64 instant;

  if (text == NULL || !iss_time_text_parse (text, &instant, NULL))
    return g_strdup (_("an unknown instant"));

  return iss_time_text_instant (instant, utc);
}

/* (nullable): what was done to a roll */
static char *
dup_roll (IssAuditEntry *entry,
          const char    *who)
{
  const char *what = iss_audit_entry_get_what (entry);
  g_autofree char *types = dup_types (entry);
  g_autofree char *instant = dup_instant (entry);

  if (g_str_equal (what, "stage-assignment"))
    return iss_audit_entry_get_detail (entry, "held") != NULL
      /* Translators: "alice staged auth.contoso.example for OAuthTokenIssuer, to roll on …" */
      ? g_strdup_printf (_("%s staged %s, to roll on %s once it is armed"), who, types, instant)
      : g_strdup_printf (_("%s staged %s, to roll on %s"), who, types, instant);
  if (g_str_equal (what, "roll-assignment"))
    return g_strdup_printf (_("%s rolled: %s is current now"), who, types);
  if (g_str_equal (what, "arm-roll"))
    return g_strdup_printf (_("%s armed the roll of %s"), who, types);
  if (g_str_equal (what, "postpone-roll"))
    return g_strdup_printf (_("%s moved the roll of %s to %s"), who, types, instant);
  if (g_str_equal (what, "cancel-roll"))
    return g_strdup_printf (_("%s cancelled the roll of %s"), who, types);
  if (g_str_equal (what, "replace-compromised"))
    return g_strdup_printf (_("%s replaced what is compromised: %s is current now"), who, types);
  if (g_str_equal (what, "swap-back"))
    return g_strdup_printf (_("%s swapped back: %s is current again"), who, types);

  return NULL;
}

static char *
dup_removal (IssAuditEntry *entry,
             const char    *who)
{
  const char *const *details = iss_audit_entry_get_details (entry);

  for (guint i = 0; details[i] != NULL; i += 2)
    {
      if (g_str_equal (details[i + 1], "current"))
        return g_strdup_printf (_("%s took the current certificate of %s out of use"), who,
                                details[i]);
      if (g_str_equal (details[i + 1], "previous"))
        return g_strdup_printf (_("%s took the previous certificate of %s out of use"), who,
                                details[i]);
    }

  return g_strdup_printf (_("%s took out of use what was not in use"), who);
}

static char *
dup_reload (IssAuditEntry *entry,
            const char    *who)
{
  const char *consumer = iss_audit_entry_get_detail (entry, "consumer");
  const char *type = iss_audit_entry_get_detail (entry, "type");
  const char *reason = iss_audit_entry_get_detail (entry, "reason");

  if (reason == NULL)
    /* Translators: who writes it down, a service, a type of certificate */
    return g_strdup_printf (_("%s: %s was reloaded for %s"), who, consumer, type);

  return g_strdup_printf (_("%s: %s was not reloaded for %s: %s"), who, consumer, type, reason);
}

/* An entry of a kind that this version does not know: everything that it says. */
static char *
dup_other (IssAuditEntry *entry,
           const char    *who)
{
  const char *const *details = iss_audit_entry_get_details (entry);
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%s: %s", who, iss_audit_entry_get_what (entry));

  for (guint i = 0; details[i] != NULL; i += 2)
    {
      const char *position = details[i + 1];
      g_autofree char *hex = NULL;
      g_autofree char *name = iss_audit_sentence_next_hash (&position, &hex)
        ? dup_name (entry, hex) : NULL;

      g_string_append_printf (text, "%s %s %s", i > 0 ? "," : "", details[i],
                              name != NULL ? name : details[i + 1]);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dup_whole (IssAuditEntry *entry)
{
  static const Deed deeds[] =
    {
      { "delete", N_("%s deleted %s") },
      { "delete-key", N_("%s deleted the private key of %s") },
      { "restore", N_("%s restored %s") },
      { "copy", N_("%s sealed %s with its private key for another server") },
      { "set-property", N_("%s changed the properties of %s") },
      { "set-properties", N_("%s changed the properties of %s") },
      { "set-key-access", N_("%s changed who may read the private key of %s") },
      { "set-key-uri", N_("%s said in which token the private key of %s is") },
      { "forget-key-uri", N_("%s made the server forget in which token the private key of %s is") },
    };
  const char *who = iss_audit_entry_get_who (entry);
  const char *what = iss_audit_entry_get_what (entry);
  char *roll = dup_roll (entry, who);

  if (roll != NULL)
    return roll;
  if (g_str_equal (what, "import"))
    return dup_import (entry, who);
  if (g_str_equal (what, "export"))
    return dup_export (entry, who);
  if (g_str_equal (what, "set-assignment"))
    return dup_assignment (entry, who);
  if (g_str_equal (what, "remove-assignment"))
    return dup_removal (entry, who);
  if (g_str_equal (what, "reload-consumer") &&
      iss_audit_entry_get_detail (entry, "consumer") != NULL &&
      iss_audit_entry_get_detail (entry, "type") != NULL)
    return dup_reload (entry, who);

  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autofree char *certificates = NULL;
      g_auto(GStrv) around = NULL;

      if (!g_str_equal (what, deeds[i].what) ||
          (iss_audit_entry_get_detail (entry, "certificate") == NULL &&
           iss_audit_entry_get_detail (entry, "certificates") == NULL))
        continue;

      certificates = dup_certificates (entry);
      around = g_strsplit (_(deeds[i].sentence), "%s", 3);
      if (g_strv_length (around) == 3)
        return g_strconcat (around[0], who, around[1], certificates, around[2], NULL);
    }

  return dup_other (entry, who);
}

/**
 * iss_audit_sentence_dup:
 * @entry: an entry
 *
 * Returns: (transfer full): who did what, without the full stop
 */
char *
iss_audit_sentence_dup (IssAuditEntry *entry)
{
  g_return_val_if_fail (ISS_IS_AUDIT_ENTRY (entry), NULL);

  switch (iss_audit_entry_get_state (entry))
    {
    case ISS_AUDIT_ENTRY_TORN:
      return g_strdup (_("A power loss cut off an entry while it was written; it was never "
                         "acknowledged"));

    case ISS_AUDIT_ENTRY_DAMAGED:
      return g_strdup (_("This line is no entry: it was changed or put in"));

    case ISS_AUDIT_ENTRY_WHOLE:
    case ISS_N_AUDIT_ENTRY_STATES:
      break;
    }

  return dup_whole (entry);
}

/**
 * iss_audit_sentence_dup_details:
 * @entry: an entry
 *
 * Returns: (transfer full): all that it says beside who, what and when, a line a detail; of what
 *   is no entry, the line itself
 */
char *
iss_audit_sentence_dup_details (IssAuditEntry *entry)
{
  g_autoptr(GString) text = g_string_new (NULL);
  const char *const *details;

  g_return_val_if_fail (ISS_IS_AUDIT_ENTRY (entry), NULL);

  if (iss_audit_entry_get_state (entry) != ISS_AUDIT_ENTRY_WHOLE)
    return g_strdup (iss_audit_entry_get_text (entry));

  details = iss_audit_entry_get_details (entry);
  for (guint i = 0; details[i] != NULL; i += 2)
    {
      const char *position = details[i + 1];
      gboolean has_hash = FALSE;
      char *hex;

      /* A certificate a line, with its name where that is known. */
      while (iss_audit_sentence_next_hash (&position, &hex))
        {
          const char *name = iss_audit_entry_get_name_of (entry, hex);
          const gboolean named = name != NULL && *name != '\0';

          g_string_append_printf (text, "%s%s: %s%s%s%s", text->len > 0 ? "\n" : "", details[i],
                                  hex, named ? " (" : "", named ? name : "", named ? ")" : "");
          has_hash = TRUE;
          g_free (hex);
        }

      if (!has_hash && *details[i + 1] != '\0')
        g_string_append_printf (text, "%s%s: %s", text->len > 0 ? "\n" : "", details[i],
                                details[i + 1]);
      else if (has_hash && g_str_has_suffix (details[i + 1], CUT_OFF))
        g_string_append_printf (text, "\n%s: %s", details[i], CUT_OFF);
    }

  if (iss_audit_entry_follows_torn (entry))
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "",
                            _("Before it, a power loss cut off an entry"));

  return g_string_free (g_steal_pointer (&text), FALSE);
}
