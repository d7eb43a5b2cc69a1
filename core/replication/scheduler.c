/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/scheduler.h"

#include "core/assignment/publication.h"
#include "core/base/error.h"
#include "core/base/time-text.h"
#include "core/replication/deployment.h"
#include "core/replication/reload-task.h"
#include "core/replication/roll.h"
#include "core/replication/task-queue.h"
#include "core/store/trash.h"

#include <glib/gi18n-lib.h>

#define DAY (24 * 60 * 60)

/* When what is due could be neither done nor recorded as failed. Seconds. */
#define SHORTEST_WAIT 10

/* What the server's disk says, read at once. */
typedef struct
{
  /* Owned */
  IssAssignments *assignments;
  GPtrArray      *recorded;      /* (element-type IssTask): begun and not over */
  GPtrArray      *done;          /* (element-type IssTask) */
  IssReplica     *replica;       /* (nullable): what is damaged there asks for nothing */

  IssRootFolder  *root;          /* borrowed */
  gint64          now;
} Look;

static void
look_clear (Look *look)
{
  g_clear_object (&look->assignments);
  g_clear_pointer (&look->recorded, g_ptr_array_unref);
  g_clear_pointer (&look->done, g_ptr_array_unref);
  g_clear_object (&look->replica);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Look, look_clear)

/* (transfer none) (nullable) */
static IssTask *
find_task (GPtrArray  *tasks,
           const char *id)
{
  for (guint i = 0; i < tasks->len; i++)
    {
      IssTask *task = g_ptr_array_index (tasks, i);

      if (g_str_equal (iss_task_get_id (task), id))
        return task;
    }

  return NULL;
}

static gboolean
read_disk (Look     *look,
           GError  **error)
{
  look->assignments = iss_assignments_load (look->root, error);
  if (look->assignments == NULL)
    return FALSE;

  look->recorded = iss_task_queue_read (look->root, NULL, error);
  if (look->recorded == NULL)
    return FALSE;

  look->replica = iss_replica_load (look->root, NULL);
  look->done = iss_task_queue_read_done (look->root, NULL, error);

  return look->done != NULL;
}

/* What is asked for, in the state that was recorded of it. */
static void
take_asked (Look      *look,
            GPtrArray *tasks,
            IssTask   *asked,
            gboolean   held)
{
  g_autoptr(IssTask) task = asked;
  IssTask *recorded = find_task (look->recorded, iss_task_get_id (task));

  if (find_task (look->done, iss_task_get_id (task)) != NULL)
    return;

  if (recorded != NULL)
    g_set_object (&task, recorded);

  if (held && !iss_task_is_made (task))
    g_ptr_array_add (tasks, iss_task_hold (task));
  else
    g_ptr_array_add (tasks, g_steal_pointer (&task));
}

/* (transfer full) (nullable): that the previous certificate may go. That is only noted: it is
 * never taken out by itself, as somebody may still call it, and so nothing is recorded. */
static IssTask *
new_retire (const IssAssignment *assignment)
{
  if (assignment->slot[ISS_SLOT_PREVIOUS] == NULL || assignment->type->token_lifetime == 0 ||
      assignment->current_since <= 0)
    return NULL;

  return iss_task_new (ISS_TASK_RETIRE, assignment->type->name,
                       assignment->slot[ISS_SLOT_PREVIOUS], 0,
                       assignment->current_since + assignment->type->token_lifetime);
}

static void
add_of_assignment (Look                *look,
                   GPtrArray           *tasks,
                   const IssAssignment *assignment)
{
  const IssCertificateType *type = assignment->type;
  g_autoptr(IssTask) retire = NULL;

  if (assignment->slot[ISS_SLOT_STAGED] != NULL && assignment->staged_at > 0)
    take_asked (look, tasks,
                iss_task_new (ISS_TASK_ROLL, type->name, assignment->slot[ISS_SLOT_STAGED],
                              assignment->revision, assignment->staged_at),
                assignment->held);

  retire = new_retire (assignment);
  if (retire != NULL && iss_task_get_due (retire) > look->now)
    g_ptr_array_add (tasks, g_steal_pointer (&retire));
}

/* Packages that were accepted and not acted upon yet. */
static void
add_deployments (Look      *look,
                 GPtrArray *tasks)
{
  const guint n = look->replica != NULL ? iss_replica_get_n_accepted (look->replica) : 0;

  for (guint i = 0; i < n; i++)
    {
      const IssAccepted *accepted = iss_replica_get_accepted (look->replica, i);

      if (!accepted->deployed)
        take_asked (look, tasks, iss_task_new (ISS_TASK_DEPLOY, accepted->type->name, "",
                                               accepted->revision, accepted->at), FALSE);
    }
}

/* When a kind of task that is of no type last ended; 0 = never. A clock that was wrong then
 * puts nothing off. */
static gint64
get_last_done (Look        *look,
               IssTaskKind  kind)
{
  gint64 last = 0;

  for (guint i = 0; i < look->done->len; i++)
    {
      IssTask *task = g_ptr_array_index (look->done, i);

      if (iss_task_get_kind (task) == kind && *iss_task_get_type_name (task) == '\0' &&
          iss_task_get_last_try (task) <= look->now)
        last = MAX (last, iss_task_get_last_try (task));
    }

  return last;
}

/* What was left by the last time is tried again a day later. */
static gint64
get_instant (gint64 next,
             gint64 first,
             gint64 last_done)
{
  const gint64 again = first != 0 && first <= last_done ? last_done + DAY : 0;

  if (next == 0 || again == 0)
    return next + again;

  return MIN (next, again);
}

static void
add_chores (Look      *look,
            GPtrArray *tasks)
{
  g_autoptr(GHashTable) kept = iss_assignments_dup_by_certificate (look->assignments);
  const gint64 purged = get_last_done (look, ISS_TASK_PURGE);
  const gint64 retired = get_last_done (look, ISS_TASK_RETIRE);
  const gint64 purge = get_instant (iss_trash_get_next_purge (look->root, kept, purged),
                                    iss_trash_get_next_purge (look->root, kept, 0), purged);
  const gint64 retire = get_instant (iss_publication_get_next_sweep (look->root, retired),
                                     iss_publication_get_next_sweep (look->root, 0), retired);

  if (purge > 0)
    take_asked (look, tasks, iss_task_new (ISS_TASK_PURGE, "", "", 0, purge), FALSE);
  if (retire > 0)
    take_asked (look, tasks, iss_task_new (ISS_TASK_RETIRE, "", "", 0, retire), FALSE);
}

/* What was begun and is asked for no longer: a roll that is made is to be settled, everything
 * else was overtaken. */
static void
add_left (Look      *look,
          GPtrArray *tasks)
{
  for (guint i = 0; i < look->recorded->len; i++)
    {
      IssTask *task = g_ptr_array_index (look->recorded, i);
      IssTask *done = find_task (look->done, iss_task_get_id (task));

      if (find_task (tasks, iss_task_get_id (task)) != NULL ||
          iss_task_get_kind (task) == ISS_TASK_RELOAD)
        continue;

      if (done != NULL)
        g_ptr_array_add (tasks, g_object_ref (done));
      else if (iss_task_get_kind (task) == ISS_TASK_ROLL &&
               iss_roll_is_made (look->assignments, task))
        g_ptr_array_add (tasks, g_object_ref (task));
      else
        g_ptr_array_add (tasks, iss_task_finish (task, ISS_TASK_STATE_OVERTAKEN, look->now, NULL));
    }
}

static int
compare_tasks (gconstpointer a,
               gconstpointer b)
{
  const gint64 one = iss_task_get_due (*(IssTask *const *) a);
  const gint64 other = iss_task_get_due (*(IssTask *const *) b);

  return one < other ? -1 : one > other;
}

static GPtrArray *
collect (Look *look)
{
  GPtrArray *tasks = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < iss_assignments_get_n (look->assignments); i++)
    add_of_assignment (look, tasks, iss_assignments_get (look->assignments, i));
  add_deployments (look, tasks);
  add_chores (look, tasks);
  add_left (look, tasks);

  g_ptr_array_sort (tasks, compare_tasks);

  return tasks;
}

/**
 * iss_scheduler_list:
 * @root: a server's folder; its lock need not be held
 * @now: seconds since 1970
 * @error: return location for an error
 *
 * What is to be done follows from assignments.conf, replica/, the trash and live/; of what was
 * begun, tasks/queue says how far it is. Of the services that are to read what is published,
 * consumers/ says it.
 *
 * Returns: (transfer full) (element-type IssTask): the tasks that are not over, in the order of
 *   their instants
 */
GPtrArray *
iss_scheduler_list (IssRootFolder  *root,
                    gint64          now,
                    GError        **error)
{
  g_auto(Look) look = { .root = root, .now = now };
  g_autoptr(GPtrArray) tasks = NULL;
  g_autoptr(GPtrArray) reloads = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!read_disk (&look, error))
    return NULL;

  tasks = collect (&look);
  for (guint i = tasks->len; i > 0; i--)
    {
      if (iss_task_is_over (g_ptr_array_index (tasks, i - 1)))
        g_ptr_array_remove_index (tasks, i - 1);
    }

  reloads = iss_reload_task_list (root, now);
  g_ptr_array_extend_and_steal (tasks, g_steal_pointer (&reloads));
  g_ptr_array_sort (tasks, compare_tasks);

  return g_steal_pointer (&tasks);
}

static int
compare_ended (gconstpointer a,
               gconstpointer b)
{
  const gint64 one = iss_task_get_last_try (*(IssTask *const *) a);
  const gint64 other = iss_task_get_last_try (*(IssTask *const *) b);

  return one > other ? -1 : one < other;
}

/**
 * iss_scheduler_list_over:
 * @root: a server's folder; its lock need not be held
 * @now: seconds since 1970
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type IssTask): the last tasks that are over, and what was
 *   only to be noted, the one that ended last first
 */
GPtrArray *
iss_scheduler_list_over (IssRootFolder  *root,
                         gint64          now,
                         GError        **error)
{
  g_auto(Look) look = { .root = root, .now = now };

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!read_disk (&look, error))
    return NULL;

  for (guint i = 0; i < iss_assignments_get_n (look.assignments); i++)
    {
      g_autoptr(IssTask) retire = new_retire (iss_assignments_get (look.assignments, i));
      g_autofree char *note = NULL;

      if (retire == NULL || iss_task_get_due (retire) > now)
        continue;

      note = g_strdup_printf (_("The tokens that the previous certificate of %s signed are over: "
                                "it may be removed"), iss_task_get_type_name (retire));
      g_ptr_array_add (look.done, iss_task_finish (retire, ISS_TASK_STATE_DONE,
                                                   iss_task_get_due (retire), note));
    }

  g_ptr_array_sort (look.done, compare_ended);

  return g_steal_pointer (&look.done);
}

static gboolean
run_roll (IssRootFolder  *root,
          IssTask       **task,
          const char     *who,
          gint64          now,
          GError        **error)
{
  IssTask *made;

  if (!iss_task_is_made (*task))
    {
      if (!iss_roll_commit (root, *task, now, error))
        return FALSE;

      made = iss_task_make (*task);
      g_object_unref (*task);
      *task = made;
    }

  return iss_roll_settle (root, *task, who, now, error);
}

static gboolean
run_purge (IssRootFolder  *root,
           const char     *who,
           gint64          now,
           char          **out_note,
           GError        **error)
{
  g_autoptr(IssAssignments) assignments = iss_assignments_load (root, error);
  g_autoptr(GHashTable) assigned = NULL;
  g_autoptr(GPtrArray) purged = NULL;

  /* Who does not know what is assigned purges nothing. */
  if (assignments == NULL)
    return FALSE;

  assigned = iss_assignments_dup_by_certificate (assignments);
  purged = iss_trash_purge (root, assigned, now, error);
  if (purged == NULL)
    return FALSE;

  if (purged->len > 0 &&
      !iss_trash_entry_append_audit (root, now, who, "purge-trash", purged, error))
    {
      g_prefix_error (error, "%s: ", _("The trash was purged, but the audit log was not written"));
      return FALSE;
    }

  *out_note = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                            "%u certificate was removed for good",
                                            "%u certificates were removed for good",
                                            purged->len), purged->len);

  return TRUE;
}

static gboolean
run_kind (IssRootFolder  *root,
          IssTask       **task,
          const char     *who,
          gint64          now,
          char          **out_note,
          GError        **error)
{
  switch (iss_task_get_kind (*task))
    {
    case ISS_TASK_ROLL:
      return run_roll (root, task, who, now, error);

    case ISS_TASK_RETIRE:
      return iss_publication_reconcile (root, now, error);

    case ISS_TASK_PURGE:
      return run_purge (root, who, now, out_note, error);

    case ISS_TASK_DEPLOY:
      return iss_deployment_run (root,
                                 iss_certificate_type_find (iss_task_get_type_name (*task)), who,
                                 now, error);

    case ISS_TASK_RELOAD:
    case ISS_N_TASK_KINDS:
      break;
    }

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                       _("This version of the agent cannot do this task"));

  return FALSE;
}

/* (transfer full): the task after it has run, recorded as far as the disk allows. */
static IssTask *
run_task (Look        *look,
          IssTask     *task,
          const char  *who,
          double       jitter)
{
  const gboolean was_made = iss_task_get_kind (task) == ISS_TASK_ROLL &&
                            iss_roll_is_made (look->assignments, task);
  g_autoptr(IssTask) running = iss_task_begin (task, look->now);
  g_autoptr(IssTask) after = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *note = NULL;

  if (was_made && !iss_task_is_made (running))
    {
      IssTask *made = iss_task_make (running);

      g_object_unref (running);
      running = made;
    }

  if (iss_task_queue_put (look->root, running, &error) &&
      run_kind (look->root, &running, who, look->now, &note, &error))
    {
      after = iss_task_finish (running, ISS_TASK_STATE_DONE, look->now, note);
      if (iss_task_queue_finish (look->root, after, &error))
        return g_steal_pointer (&after);
      g_object_unref (after);
    }

  after = iss_task_fail (running, look->now, error->message, jitter);
  iss_task_queue_put (look->root, after, NULL);

  return g_steal_pointer (&after);
}

static void
note_wake (IssSchedulerOutcome *outcome,
           IssTask             *task,
           gint64               now)
{
  gint64 wake = iss_task_get_wake (task, now);

  if (wake == 0)
    return;

  wake = MAX (wake, now + (wake > now ? 0 : SHORTEST_WAIT));
  if (outcome->next == 0 || wake < outcome->next)
    outcome->next = wake;
}

static void
run_pass (Look                *look,
          const char          *who,
          double               jitter,
          IssSchedulerOutcome *outcome)
{
  g_autoptr(GPtrArray) tasks = collect (look);

  for (guint i = 0; i < tasks->len; i++)
    {
      IssTask *task = g_ptr_array_index (tasks, i);
      const gint64 wake = iss_task_get_wake (task, look->now);
      g_autoptr(IssTask) after = NULL;

      if (iss_task_is_over (task))
        {
          iss_task_queue_finish (look->root, task, NULL);
          continue;
        }

      if (wake == 0 || wake > look->now)
        {
          note_wake (outcome, task, look->now);
          continue;
        }

      after = run_task (look, task, who, jitter);
      if (iss_task_is_over (after))
        outcome->n_done++;
      else
        outcome->n_failed++;
      note_wake (outcome, after, look->now);
    }
}

/* What root's watcher has done is found here; what cannot be written down is tried again. */
static void
note_reloads (Look                *look,
              const char          *who,
              IssSchedulerOutcome *outcome)
{
  const gint64 again = look->now + SHORTEST_WAIT;

  if (iss_reload_task_note (look->root, who, look->now, NULL))
    return;

  outcome->n_failed++;
  outcome->next = outcome->next != 0 ? MIN (outcome->next, again) : again;
}

/* What has just been done asks for something, too: a roll, that what it replaced be retired. */
static void
look_ahead (IssRootFolder       *root,
            gint64               now,
            IssSchedulerOutcome *outcome)
{
  g_autoptr(GPtrArray) tasks = iss_scheduler_list (root, now, NULL);

  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    note_wake (outcome, g_ptr_array_index (tasks, i), now);
}

/**
 * iss_scheduler_run_due:
 * @root: a server's folder, whose writers' lock the caller holds, and the scheduler's
 * @who: whose name the audit record shows
 * @now: seconds since 1970
 * @jitter: 0 to 1: how much longer than necessary what fails waits for its next try
 * @out_outcome: (out): what has come of it
 * @error: return location for an error: what is due cannot be found out
 *
 * Does everything that is due, in the order of the instants, what was missed included; nothing
 * twice, also after it was cut off anywhere. One task that fails does not keep the others
 * from running: its reason and its next try are recorded.
 *
 * Returns: whether it could be found out what is due
 */
gboolean
iss_scheduler_run_due (IssRootFolder        *root,
                       const char           *who,
                       gint64                now,
                       double                jitter,
                       IssSchedulerOutcome  *out_outcome,
                       GError              **error)
{
  g_auto(Look) look = { .root = root, .now = now };
  IssSchedulerOutcome outcome = { 0 };

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (who != NULL, FALSE);
  g_return_val_if_fail (out_outcome != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!read_disk (&look, error))
    return FALSE;

  run_pass (&look, who, jitter, &outcome);
  note_reloads (&look, who, &outcome);
  if (outcome.n_done > 0)
    look_ahead (root, now, &outcome);

  *out_outcome = outcome;

  return TRUE;
}

/**
 * iss_scheduler_run_deployment:
 * @root: a server's folder, whose writers' lock the caller holds
 * @type: a type of which a package was accepted
 * @who: whose name the audit record shows
 * @now: seconds since 1970
 * @error: return location for %ISS_ERROR_FAILED: why it failed; it is tried again by itself
 *
 * Acts upon a package as soon as it has arrived, and not when whoever runs the tasks looks next.
 *
 * Returns: whether nothing is left to do
 */
gboolean
iss_scheduler_run_deployment (IssRootFolder             *root,
                              const IssCertificateType  *type,
                              const char                *who,
                              gint64                     now,
                              GError                   **error)
{
  g_auto(Look) look = { .root = root, .now = now };
  g_autoptr(GPtrArray) tasks = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (type != NULL && who != NULL, FALSE);

  if (!read_disk (&look, error))
    return FALSE;

  tasks = g_ptr_array_new_with_free_func (g_object_unref);
  add_deployments (&look, tasks);
  for (guint i = 0; i < tasks->len; i++)
    {
      g_autoptr(IssTask) after = NULL;

      if (!g_str_equal (iss_task_get_type_name (tasks->pdata[i]), type->name))
        continue;

      after = run_task (&look, tasks->pdata[i], who, 0);
      if (!iss_task_is_over (after))
        {
          g_set_error_literal (error, ISS_ERROR, ISS_ERROR_FAILED, iss_task_get_result (after));
          return FALSE;
        }
    }

  return TRUE;
}
