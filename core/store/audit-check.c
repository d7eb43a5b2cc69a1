/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/audit-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/base/time-text.h"
#include "core/store/audit-entry.h"
#include "core/store/audit-head.h"

#define MAX_TRIES 8

/* The way through the record, line by line. */
typedef struct
{
  IssAuditCheck  check;
  IssAuditHead   head;                                /* the last whole line */
  char           previous[ISS_AUDIT_HEX_SIZE + 1];    /* what it names as the one before it */
  IssAuditLine   first;
  IssAuditLine   last;
  const char    *gap;           /* where the last whole line ended */
  guint64        line;          /* of the line being looked at, from 1 */
  guint64        gap_line;      /* of the first one after the last whole line */
  guint64        chain_start;   /* since which entry each one follows the one before */
  gboolean       undecided;     /* the fault is with the last entry or with the one before it */
  gboolean       mismatch;      /* the last entry does not follow the one before it */
} Walk;

static void
add_fault (Walk          *walk,
           IssAuditFault  fault,
           guint64        from,
           guint64        to,
           guint64        line)
{
  walk->check.n_faults++;
  if (walk->check.n_faults > 1)
    return;

  walk->check.fault = fault;
  walk->check.from = from;
  walk->check.to = to;
  walk->check.line = line;
}

/* An entry that does not follow the one before it: one of the two was changed. If it does not
 * fit the one after it either, it is the later one. */
static void
decide (Walk     *walk,
        gboolean  follows)
{
  if (walk->undecided && !follows)
    {
      walk->check.from++;
      walk->check.line++;
    }
  walk->undecided = FALSE;
}

static gboolean
torn_agrees (const Walk         *walk,
             const IssAuditForm *form,
             const char         *start)
{
  IssAuditLine left = { walk->gap, (gsize) (start - walk->gap) };
  char hash[ISS_AUDIT_HEX_SIZE + 1];

  if (left.size == 0)
    return form->torn == NULL;

  left.size--;   /* its newline came with the line after it */
  iss_audit_line_hash (&left, hash);
  return form->torn != NULL && strncmp (form->torn, hash, ISS_AUDIT_HEX_SIZE) == 0;
}

/* Whether the line comes after the one before it; else the fault is noted. */
static gboolean
check_order (Walk               *walk,
             const IssAuditForm *form,
             gboolean            follows,
             const char         *start)
{
  const guint64 n_before = walk->head.n;
  const gboolean has_gap = start > walk->gap;

  if (form->n > n_before + 1 && !follows)
    {
      add_fault (walk, has_gap ? ISS_AUDIT_FAULT_UNREADABLE : ISS_AUDIT_FAULT_MISSING,
                 n_before + 1, form->n - 1, has_gap ? walk->gap_line : walk->line);
    }
  else if (form->n <= n_before)
    {
      add_fault (walk, ISS_AUDIT_FAULT_OUT_OF_TURN, form->n, n_before, walk->line);
    }
  else if (!follows && walk->mismatch)
    {
      /* The entry between the two was changed: that is known already. */
    }
  else if (!follows || form->n != n_before + 1)
    {
      walk->undecided = !follows && n_before > 0 && walk->check.n_faults == 0;
      add_fault (walk, ISS_AUDIT_FAULT_CHANGED, walk->undecided ? n_before : form->n, 0,
                 walk->undecided ? walk->line - 1 : walk->line);
      return FALSE;
    }
  else if (!torn_agrees (walk, form, start))
    {
      if (has_gap && form->torn == NULL)
        add_fault (walk, ISS_AUDIT_FAULT_STRANGE, n_before, 0, walk->gap_line);
      else
        add_fault (walk, ISS_AUDIT_FAULT_TORN, form->n, 0,
                   has_gap ? walk->gap_line : walk->line);
    }
  else
    {
      walk->check.n_torn += has_gap ? 1 : 0;
      return TRUE;
    }

  return FALSE;
}

static void
walk_line (Walk               *walk,
           const IssAuditLine *line,
           const IssAuditForm *form)
{
  const gboolean follows = strncmp (form->previous, walk->head.hash, ISS_AUDIT_HEX_SIZE) == 0;

  decide (walk, follows);
  if (!check_order (walk, form, follows, line->text))
    walk->chain_start = form->n;

  walk->mismatch = !follows;
  walk->head.n = form->n;
  iss_audit_line_hash (line, walk->head.hash);
  memcpy (walk->previous, form->previous, ISS_AUDIT_HEX_SIZE);
  if (walk->check.n_entries == 0)
    walk->first = *line;
  walk->last = *line;
  walk->check.n_entries++;
}

static void
walk_text (Walk       *walk,
           const char *text,
           gsize       size)
{
  const char *end = text + size;
  const char *position = text;

  walk->gap = text;
  walk->gap_line = 1;
  while (position < end)
    {
      IssAuditLine line = iss_audit_line_take (&position, end);
      IssAuditForm form;

      walk->line++;
      if (!iss_audit_line_parse (&line, &form))
        continue;

      walk_line (walk, &line, &form);
      walk->gap = position;
      walk->gap_line = walk->line + 1;
    }

  /* Something that ends in a newline was not cut off. */
  if (walk->gap < end && end[-1] == '\n')
    {
      add_fault (walk, ISS_AUDIT_FAULT_STRANGE, walk->head.n, 0, walk->gap_line);
      walk->undecided = FALSE;
    }
  else if (walk->gap < end)
    {
      walk->check.n_torn++;
    }
}

/* Whether the record ends as it was acknowledged; else the fault is noted. */
static gboolean
check_end (Walk               *walk,
           const IssAuditHead *acknowledged)
{
  const guint64 n = walk->head.n;
  const gboolean agrees = iss_audit_head_agrees (acknowledged, &walk->head, walk->previous);

  decide (walk, agrees);
  if (agrees)
    return TRUE;

  if (acknowledged->n == 0)
    add_fault (walk, ISS_AUDIT_FAULT_NO_HEAD, 0, 0, 0);
  else if (n < acknowledged->n)
    add_fault (walk, ISS_AUDIT_FAULT_END, n + 1, acknowledged->n, 0);
  else if (n > acknowledged->n + 1)
    add_fault (walk, ISS_AUDIT_FAULT_AHEAD, acknowledged->n + 1, n, walk->line);
  else if (!walk->mismatch)
    add_fault (walk, ISS_AUDIT_FAULT_CHANGED, acknowledged->n, 0,
               walk->line - (n - acknowledged->n));
  return FALSE;
}

static gint64
get_line_time (const IssAuditLine *line)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IssAuditEntry) entry = NULL;

  if (line->text == NULL)
    return 0;

  bytes = g_bytes_new (line->text, line->size);
  entry = iss_audit_entry_new (bytes, 0, ISS_AUDIT_ENTRY_DAMAGED, NULL);
  return iss_audit_entry_get_time (entry);
}

static void
check_text (const char         *text,
            gsize               size,
            const IssAuditHead *acknowledged,
            IssAuditCheck      *out_check)
{
  Walk walk = { .head = { 0, ISS_AUDIT_NO_LINE }, .previous = ISS_AUDIT_NO_LINE };
  gboolean ends_well;

  walk.chain_start = 1;
  walk_text (&walk, text, size);
  if (acknowledged != NULL)
    {
      ends_well = check_end (&walk, acknowledged);
    }
  else
    {
      add_fault (&walk, ISS_AUDIT_FAULT_NO_HEAD, 0, 0, 0);
      ends_well = FALSE;
    }

  walk.check.last_n = walk.head.n;
  walk.check.proven_from = ends_well && walk.check.n_entries > 0 ? walk.chain_start : 0;
  walk.check.first_time = get_line_time (&walk.first);
  walk.check.last_time = get_line_time (&walk.last);
  if (walk.check.n_entries > 0)
    memcpy (walk.check.last_hash, walk.head.hash, sizeof walk.check.last_hash);
  *out_check = walk.check;
}

static gboolean
read_head (IssRootFolder  *root,
           IssAuditHead   *out_head,
           gboolean       *out_damaged,
           GError        **error)
{
  g_autoptr(GError) local_error = NULL;

  *out_damaged = FALSE;
  if (iss_audit_head_read (root, out_head, &local_error))
    return TRUE;

  *out_damaged = g_error_matches (local_error, ISS_ERROR, ISS_ERROR_MALFORMED) ||
                 g_error_matches (local_error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
  if (*out_damaged)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * iss_audit_check_run:
 * @root: a root folder; its lock need not be held
 * @out_check: (out): what the chain proves
 * @error: return location for an error, if the record cannot be read
 *
 * Checks the whole record. Whoever may write in the root folder can write a new chain; it is
 * the copy of the last line's SHA-256 kept elsewhere that makes it proof against the owner.
 *
 * Returns: whether it was checked; what was found is in @out_check
 */
gboolean
iss_audit_check_run (IssRootFolder  *root,
                     IssAuditCheck  *out_check,
                     GError        **error)
{
  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (out_check != NULL, FALSE);

  /* Somebody may write meanwhile: the record is read between two looks at the same head. */
  for (guint i = 1; ; i++)
    {
      g_autoptr(GError) local_error = NULL;
      g_autoptr(GBytes) bytes = NULL;
      IssAuditHead before = { 0, "" };
      IssAuditHead after = { 0, "" };
      gboolean was_damaged;
      gboolean is_damaged;

      if (!read_head (root, &before, &was_damaged, error))
        return FALSE;

      bytes = iss_atomic_file_read (iss_root_folder_get_fd (root), ISS_AUDIT_FILE_NAME,
                                    ISS_AUDIT_MAX_BYTES + ISS_AUDIT_MAX_LINE + 2, &local_error);
      if (bytes == NULL && !g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      if (!read_head (root, &after, &is_damaged, error))
        return FALSE;

      if (i < MAX_TRIES && was_damaged == is_damaged && before.n != after.n)
        continue;

      check_text (bytes != NULL && g_bytes_get_size (bytes) > 0 ? g_bytes_get_data (bytes, NULL)
                                                                : "",
                  bytes != NULL ? g_bytes_get_size (bytes) : 0,
                  was_damaged ? NULL : &before, out_check);
      return TRUE;
    }
}

/**
 * iss_audit_check_dup_fault:
 * @self: what was found
 *
 * Returns: (transfer full): what is not as it was written, a sentence without its full stop,
 *   or several; "" if nothing is
 */
char *
iss_audit_check_dup_fault (const IssAuditCheck *self)
{
  const gboolean is_one = self->from == self->to;

  switch (self->fault)
    {
    case ISS_AUDIT_FAULT_CHANGED:
      if (self->from < self->last_n)
        return g_strdup_printf (_("Entry %" G_GUINT64_FORMAT " was changed after it was written: "
                                  "it is not the one that the next entry was written after"),
                                self->from);
      return g_strdup_printf (_("Entry %" G_GUINT64_FORMAT ", the last one, was changed after it "
                                "was written: it is not the one that was acknowledged"),
                              self->from);

    case ISS_AUDIT_FAULT_MISSING:
      if (is_one)
        return g_strdup_printf (_("Entry %" G_GUINT64_FORMAT " is missing, or does not stand "
                                  "where it was written"), self->from);
      return g_strdup_printf (_("Entries %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT " are "
                                "missing, or do not stand where they were written"),
                              self->from, self->to);

    case ISS_AUDIT_FAULT_UNREADABLE:
      if (is_one)
        return g_strdup_printf (_("Entry %" G_GUINT64_FORMAT " was changed after it was written: "
                                  "what stands in its place is no entry"), self->from);
      return g_strdup_printf (_("Entries %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT " were "
                                "changed after they were written: what stands in their place is "
                                "no entry"), self->from, self->to);

    case ISS_AUDIT_FAULT_OUT_OF_TURN:
      return g_strdup_printf (_("An entry with the number %" G_GUINT64_FORMAT " stands after entry "
                                "%" G_GUINT64_FORMAT ": it was put there after it was written"),
                              self->from, self->to);

    case ISS_AUDIT_FAULT_STRANGE:
      return self->from > 0
        ? g_strdup_printf (_("Something that is no entry was put in after entry "
                             "%" G_GUINT64_FORMAT), self->from)
        : g_strdup (_("Something that is no entry was put in at the beginning"));

    case ISS_AUDIT_FAULT_TORN:
      return g_strdup_printf (_("What a power loss had left before entry %" G_GUINT64_FORMAT
                                " was changed or removed afterwards"), self->from);

    case ISS_AUDIT_FAULT_END:
      if (is_one)
        return g_strdup_printf (_("Entry %" G_GUINT64_FORMAT ", the last one, was removed after "
                                  "it was acknowledged"), self->from);
      return g_strdup_printf (_("Entries %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ", the last "
                                "ones, were removed after they were acknowledged"),
                              self->from, self->to);

    case ISS_AUDIT_FAULT_AHEAD:
      if (is_one)
        return g_strdup_printf (_("Entry %" G_GUINT64_FORMAT " was not written by the agent: it "
                                  "was never acknowledged"), self->from);
      return g_strdup_printf (_("Entries %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT " were not "
                                "written by the agent: they were never acknowledged"),
                              self->from, self->to);

    case ISS_AUDIT_FAULT_NO_HEAD:
      return g_strdup (_("The file audit.head beside the record is missing or damaged: whether "
                         "entries were taken off the end cannot be told"));

    case ISS_AUDIT_FAULT_NONE:
    case ISS_N_AUDIT_FAULTS:
      break;
    }

  return g_strdup ("");
}

/* How far the record may still be believed. */
static char *
dup_proof (const IssAuditCheck *self)
{
  const guint64 from = self->proven_from;
  g_autofree char *proven = NULL;

  if (from == 0)
    return g_strdup (self->n_entries > 0
                     ? _("The record no longer proves any of its entries: compare it with a copy")
                     : _("None is left"));

  if (from == self->last_n)
    proven = g_strdup_printf (_("Entry %" G_GUINT64_FORMAT " is as it was acknowledged"), from);
  else
    proven = g_strdup_printf (_("Entries %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT " are as "
                                "they were acknowledged"), from, self->last_n);

  if (from == 1)
    return g_steal_pointer (&proven);

  return g_strdup_printf (_("%s; what stands before, only a copy kept elsewhere can prove"),
                          proven);
}

static char *
dup_whole (const IssAuditCheck *self,
           GTimeZone           *zone)
{
  g_autofree char *since = NULL;

  if (self->n_entries == 0)
    return g_strdup (_("There is no entry yet"));

  since = iss_time_text_date (self->first_time, zone);
  return g_strdup_printf (ngettext ("%" G_GUINT64_FORMAT " entry, unbroken since %s",
                                    "%" G_GUINT64_FORMAT " entries, unbroken since %s",
                                    (gulong) self->n_entries),
                          self->n_entries, since);
}

/**
 * iss_audit_check_dup_text:
 * @self: what was found
 * @zone: the zone for dates
 *
 * Returns: (transfer full): what is wrong, where, and what is still proven; or that nothing is
 *   wrong. Sentences, without the last full stop
 */
char *
iss_audit_check_dup_text (const IssAuditCheck *self,
                          GTimeZone           *zone)
{
  g_autoptr(GString) text = NULL;
  g_autofree char *first = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (zone != NULL, NULL);

  first = self->n_faults > 0 ? iss_audit_check_dup_fault (self) : dup_whole (self, zone);
  text = g_string_new (first);

  if (self->n_faults > 0 && self->line > 0)
    g_string_append_printf (text, _(" (line %" G_GUINT64_FORMAT ")"), self->line);
  if (self->n_faults > 1)
    {
      g_string_append (text, ". ");
      g_string_append_printf (text, ngettext ("There is %" G_GUINT64_FORMAT " more break after it",
                                              "There are %" G_GUINT64_FORMAT " more breaks after "
                                              "it", (gulong) self->n_faults - 1),
                              self->n_faults - 1);
    }
  if (self->n_faults > 0)
    {
      g_autofree char *proof = dup_proof (self);

      g_string_append_printf (text, ". %s", proof);
    }
  if (self->n_torn > 0)
    {
      g_string_append (text, ". ");
      g_string_append_printf (text, ngettext ("A power loss cut off %" G_GUINT64_FORMAT " entry "
                                              "while it was written; it was never acknowledged",
                                              "Power losses cut off %" G_GUINT64_FORMAT " entries "
                                              "while they were written; they were never "
                                              "acknowledged", (gulong) self->n_torn),
                              self->n_torn);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
