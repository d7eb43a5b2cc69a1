/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/roll.h"

#include "core/assignment/made-folder.h"
#include "core/assignment/publication.h"
#include "core/base/error.h"
#include "core/base/time-text.h"
#include "core/store/audit-reader.h"
#include "core/store/audit.h"
#include "core/store/certificate-store.h"

#include <glib/gi18n-lib.h>

#define ROLLED "roll-assignment"

/**
 * iss_roll_is_made:
 * @assignments: what is assigned
 * @task: a roll, as it was recorded
 *
 * Cut off between the change and the record of it, a task is left running, and the truth shows
 * a certificate that became current when that task ran.
 *
 * Returns: whether @assignments are those after the roll, and it was this task that made it
 */
gboolean
iss_roll_is_made (IssAssignments *assignments,
                  IssTask        *task)
{
  const IssCertificateType *type = iss_certificate_type_find (iss_task_get_type_name (task));
  const IssAssignment *assignment;

  g_return_val_if_fail (ISS_IS_ASSIGNMENTS (assignments), FALSE);
  g_return_val_if_fail (ISS_IS_TASK (task), FALSE);

  if (iss_task_is_made (task))
    return TRUE;

  assignment = type != NULL ? iss_assignments_find (assignments, type) : NULL;

  return assignment != NULL && iss_task_get_state (task) == ISS_TASK_STATE_RUNNING &&
         assignment->revision > iss_task_get_revision (task) &&
         assignment->current_since == iss_task_get_last_try (task) &&
         g_strcmp0 (assignment->slot[ISS_SLOT_CURRENT], iss_task_get_certificate (task)) == 0;
}

static gboolean
check_certificate (IssRootFolder  *root,
                   IssTask        *task,
                   gint64          now,
                   GError        **error)
{
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *expired = NULL;

  certificate = iss_certificate_store_get (root, ISS_STORE_MY, iss_task_get_certificate (task),
                                           NULL);
  if (certificate == NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                   _("The staged certificate of %s has gone from Personal: import it again, or "
                     "stage another one"), iss_task_get_type_name (task));
      return FALSE;
    }

  if (now <= iss_certificate_get_not_after (certificate))
    return TRUE;

  expired = iss_time_text_instant (iss_certificate_get_not_after (certificate), utc);
  /* Translators: a certificate type, and an instant */
  g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
               _("The staged certificate of %s has expired on %s: stage another one"),
               iss_task_get_type_name (task), expired);

  return FALSE;
}

/**
 * iss_roll_commit:
 * @root: a server's folder, whose writers' lock the caller holds
 * @task: a roll, whose running is recorded
 * @now: the same instant as there
 * @error: return location for an error: nothing is changed then
 *
 * Makes the staged certificate current, by one rename, once it is sure that it can be published.
 *
 * Returns: whether the change is on the disk
 */
gboolean
iss_roll_commit (IssRootFolder  *root,
                 IssTask        *task,
                 gint64          now,
                 GError        **error)
{
  const IssCertificateType *type = iss_certificate_type_find (iss_task_get_type_name (task));
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(IssMadeFolder) folder = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (type != NULL, FALSE);

  assignments = iss_assignments_load (root, error);
  if (assignments == NULL || !check_certificate (root, task, now, error) ||
      !iss_assignments_roll (assignments, type, now, error))
    return FALSE;

  folder = iss_made_folder_new (root, iss_assignments_find (assignments, type), now, error);

  return folder != NULL && iss_assignments_save (assignments, root, error);
}

static gboolean
is_of_task_cb (IssAuditEntry *entry,
               gpointer       user_data)
{
  IssTask *task = user_data;

  return g_str_equal (iss_audit_entry_get_what (entry), ROLLED) &&
         g_strcmp0 (iss_audit_entry_get_detail (entry, "task"), iss_task_get_id (task)) == 0;
}

/* The line of a roll that was cut off stands near the end of the record; of the first attempt
 * there is none. */
static gboolean
is_recorded (IssRootFolder *root,
             IssTask       *task)
{
  g_autoptr(GPtrArray) entries = NULL;
  guint64 next;

  if (iss_task_get_attempts (task) < 2)
    return FALSE;

  entries = iss_audit_reader_read (root, 0, 1, NULL, is_of_task_cb, task, &next, NULL);

  return entries != NULL && entries->len > 0;
}

static gboolean
append_audit (IssRootFolder  *root,
              IssTask        *task,
              const char     *who,
              gint64          now,
              GError        **error)
{
  g_autofree char *due = iss_time_text_iso (iss_task_get_due (task));
  const gint64 late = iss_task_get_lateness (task, iss_task_get_last_try (task));
  g_autofree char *seconds = g_strdup_printf ("%" G_GINT64_FORMAT, late);
  const char *const details[] =
    {
      iss_task_get_type_name (task), iss_task_get_certificate (task),
      "task", iss_task_get_id (task),
      "due", due,
      late > 0 ? "late" : NULL, seconds,
      NULL
    };

  return is_recorded (root, task) || iss_audit_append (root, now, who, ROLLED, details, error);
}

static gboolean
publish (IssRootFolder  *root,
         IssTask        *task,
         gint64          now,
         GError        **error)
{
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(GError) local_error = NULL;
  const IssAssignment *assignment;

  if (iss_publication_reconcile (root, now, &local_error))
    return TRUE;

  /* Another type's trouble is not this one's. */
  assignments = iss_assignments_load (root, NULL);
  assignment = assignments == NULL ? NULL
    : iss_assignments_find (assignments,
                            iss_certificate_type_find (iss_task_get_type_name (task)));
  if (assignment != NULL && iss_publication_shows (root, assignment, ISS_SLOT_CURRENT))
    return TRUE;

  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "%s: ",
                              _("The roll is made, but not published"));

  return FALSE;
}

/**
 * iss_roll_settle:
 * @root: a server's folder, whose writers' lock the caller holds
 * @task: a roll that is made
 * @who: whose name the audit record shows
 * @now: seconds since 1970
 * @error: return location for an error
 *
 * Publishes what is current now and writes the roll into the audit record, once, however often
 * this is called.
 *
 * Returns: whether both are done
 */
gboolean
iss_roll_settle (IssRootFolder  *root,
                 IssTask        *task,
                 const char     *who,
                 gint64          now,
                 GError        **error)
{
  g_autoptr(GError) publish_error = NULL;
  gboolean is_published;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (ISS_IS_TASK (task), FALSE);
  g_return_val_if_fail (who != NULL, FALSE);

  is_published = publish (root, task, now, &publish_error);

  if (!append_audit (root, task, who, now, error))
    {
      g_prefix_error (error, "%s: ",
                      _("The roll is made, but the audit log was not written"));
      return FALSE;
    }

  if (is_published)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&publish_error));

  return FALSE;
}
