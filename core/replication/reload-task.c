/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/reload-task.h"

#include "core/assignment/reload-folder.h"
#include "core/assignment/reload-text.h"
#include "core/base/time-text.h"
#include "core/replication/task-queue.h"
#include "core/store/audit-reader.h"
#include "core/store/audit.h"

#define RELOADED "reload-consumer"

static IssTaskState
find_state (const IssReload *reload,
            gint64           now)
{
  if (iss_reload_is_wrong (reload, now))
    return ISS_TASK_STATE_FAILED;

  switch (reload->state)
    {
    case ISS_RELOAD_RUNNING:
      return ISS_TASK_STATE_RUNNING;

    case ISS_RELOAD_DONE:
      return ISS_TASK_STATE_DONE;

    case ISS_RELOAD_PENDING:
    case ISS_RELOAD_FAILED:
    case ISS_RELOAD_TIMED_OUT:
    case ISS_RELOAD_UNREADABLE:
    case ISS_N_RELOAD_STATES:
      break;
    }

  return ISS_TASK_STATE_DUE;
}

/**
 * iss_reload_task_new:
 * @reload: a reload
 * @now: seconds since 1970
 *
 * Returns: (transfer full) (nullable): the same as a task, due since what it is for was published;
 *   %NULL where nothing is published
 */
IssTask *
iss_reload_task_new (const IssReload *reload,
                     gint64           now)
{
  g_autoptr(GVariant) variant = NULL;
  g_autofree char *trouble = NULL;
  GVariantDict dict;
  gint64 last_try;

  g_return_val_if_fail (reload != NULL, NULL);

  if (reload->live.revision == 0)
    return NULL;

  trouble = iss_reload_text_dup_trouble (reload, now);
  last_try = reload->ended != 0 ? reload->ended : reload->started;
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "kind", "s", iss_task_kind_get_name (ISS_TASK_RELOAD));
  g_variant_dict_insert (&dict, "type", "s", reload->type);
  g_variant_dict_insert (&dict, "certificate", "s", "");
  g_variant_dict_insert (&dict, "consumer", "s", reload->consumer);
  g_variant_dict_insert (&dict, "revision", "t", reload->live.revision);
  g_variant_dict_insert (&dict, "due", "x", reload->live.since);
  g_variant_dict_insert (&dict, "state", "s",
                         iss_task_state_get_name (find_state (reload, now)));
  g_variant_dict_insert (&dict, "attempts", "u", reload->attempts);
  g_variant_dict_insert (&dict, "last-try", "x", last_try);
  g_variant_dict_insert (&dict, "next-try", "x",
                         iss_reload_is_failed (reload) ? reload->ended + ISS_RELOAD_RETRY : 0);
  g_variant_dict_insert (&dict, "result", "s", trouble != NULL ? trouble : "");
  variant = g_variant_ref_sink (g_variant_dict_end (&dict));

  return iss_task_new_from_variant (variant, NULL);
}

/**
 * iss_reload_task_list:
 * @root: a server's folder
 * @now: seconds since 1970
 *
 * Returns: (transfer full) (element-type IssTask): the reloads that wait, run or have failed; none
 *   where it is not known what is configured
 */
GPtrArray *
iss_reload_task_list (IssRootFolder *root,
                      gint64         now)
{
  GPtrArray *tasks = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) reloads = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), tasks);

  reloads = iss_reload_folder_look (iss_root_folder_get_path (root),
                                    iss_root_folder_get_fd (root), NULL);
  for (guint i = 0; reloads != NULL && i < reloads->len; i++)
    {
      g_autoptr(IssTask) task = iss_reload_task_new (g_ptr_array_index (reloads, i), now);

      if (task != NULL && !iss_task_is_over (task))
        g_ptr_array_add (tasks, g_steal_pointer (&task));
    }

  return tasks;
}

/* (transfer none) (nullable) */
static IssTask *
find_task (GPtrArray *tasks,
           IssTask   *task)
{
  for (guint i = 0; i < tasks->len; i++)
    {
      IssTask *other = g_ptr_array_index (tasks, i);

      if (g_str_equal (iss_task_get_id (other), iss_task_get_id (task)))
        return other;
    }

  return NULL;
}

static gboolean
is_of_task_cb (IssAuditEntry *entry,
               gpointer       user_data)
{
  IssTask *task = user_data;
  g_autofree char *ended = iss_time_text_iso (iss_task_get_last_try (task));

  return g_str_equal (iss_audit_entry_get_what (entry), RELOADED) &&
         g_strcmp0 (iss_audit_entry_get_detail (entry, "task"), iss_task_get_id (task)) == 0 &&
         g_strcmp0 (iss_audit_entry_get_detail (entry, "ended"), ended) == 0;
}

/* Cut off behind its line, it is near the end of the record. */
static gboolean
is_in_log (IssRootFolder *root,
           IssTask       *task)
{
  g_autoptr(GPtrArray) entries = NULL;
  guint64 next;

  entries = iss_audit_reader_read (root, 0, 1, NULL, is_of_task_cb, task, &next, NULL);

  return entries != NULL && entries->len > 0;
}

static gboolean
append_audit (IssRootFolder    *root,
              const IssReload  *reload,
              IssTask          *task,
              const char       *who,
              gint64            now,
              GError          **error)
{
  g_autofree char *revision = g_strdup_printf ("%" G_GUINT64_FORMAT, reload->live.revision);
  g_autofree char *ended = iss_time_text_iso (reload->ended);
  const gboolean failed = iss_reload_is_failed (reload);
  const char *const details[] =
    {
      "consumer", reload->consumer,
      "type", reload->type,
      "revision", revision,
      "task", iss_task_get_id (task),
      "ended", ended,
      "result", iss_reload_state_get_name (reload->state),
      failed ? "reason" : NULL, reload->reason,
      "output", reload->output,
      NULL
    };

  return is_in_log (root, task) || iss_audit_append (root, now, who, RELOADED, details, error);
}

/* What fails in the same way again and again is written down once. */
static gboolean
is_noted (GPtrArray *recorded,
          GPtrArray *done,
          IssTask   *task)
{
  IssTask *over = find_task (done, task);
  IssTask *before = find_task (recorded, task);

  if (iss_task_is_over (task))
    return over != NULL && iss_task_get_last_try (over) == iss_task_get_last_try (task);

  return before != NULL &&
         g_str_equal (iss_task_get_result (before), iss_task_get_result (task));
}

static gboolean
note_one (IssRootFolder    *root,
          const IssReload  *reload,
          GPtrArray        *recorded,
          GPtrArray        *done,
          const char       *who,
          gint64            now,
          GError          **error)
{
  g_autoptr(IssTask) task = iss_reload_task_new (reload, now);

  if (task == NULL || reload->ended == 0 || is_noted (recorded, done, task))
    return TRUE;

  if (!append_audit (root, reload, task, who, now, error))
    return FALSE;

  return iss_task_is_over (task) ? iss_task_queue_finish (root, task, error)
                                 : iss_task_queue_put (root, task, error);
}

static gboolean
is_present (GPtrArray *reloads,
            IssTask   *task,
            gint64     now)
{
  for (guint i = 0; i < reloads->len; i++)
    {
      g_autoptr(IssTask) other = iss_reload_task_new (g_ptr_array_index (reloads, i), now);

      if (other != NULL && g_str_equal (iss_task_get_id (other), iss_task_get_id (task)))
        return TRUE;
    }

  return FALSE;
}

/* What had failed, and is published or configured no longer. */
static gboolean
overtake (IssRootFolder  *root,
          GPtrArray      *reloads,
          GPtrArray      *recorded,
          gint64          now,
          GError        **error)
{
  for (guint i = 0; i < recorded->len; i++)
    {
      IssTask *task = g_ptr_array_index (recorded, i);
      g_autoptr(IssTask) over = NULL;

      if (iss_task_get_kind (task) != ISS_TASK_RELOAD || is_present (reloads, task, now))
        continue;

      over = iss_task_finish (task, ISS_TASK_STATE_OVERTAKEN, now, NULL);
      if (!iss_task_queue_finish (root, over, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * iss_reload_task_note:
 * @root: a server's folder, whose writers' lock the caller holds
 * @who: whose name the audit record shows
 * @now: seconds since 1970
 * @error: return location for an error
 *
 * Writes what has become of reloads into the audit record, each once, and then among the tasks
 * that are over. Where the configuration cannot be read there is nothing to note.
 *
 * Returns: whether everything is written
 */
gboolean
iss_reload_task_note (IssRootFolder  *root,
                      const char     *who,
                      gint64          now,
                      GError        **error)
{
  g_autoptr(GPtrArray) reloads = NULL;
  g_autoptr(GPtrArray) recorded = NULL;
  g_autoptr(GPtrArray) done = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (who != NULL, FALSE);

  reloads = iss_reload_folder_look (iss_root_folder_get_path (root),
                                    iss_root_folder_get_fd (root), NULL);
  if (reloads == NULL)
    return TRUE;

  recorded = iss_task_queue_read (root, NULL, error);
  done = recorded != NULL ? iss_task_queue_read_done (root, NULL, error) : NULL;
  if (done == NULL)
    return FALSE;

  for (guint i = 0; i < reloads->len; i++)
    {
      if (!note_one (root, g_ptr_array_index (reloads, i), recorded, done, who, now, error))
        return FALSE;
    }

  return overtake (root, reloads, recorded, now, error);
}
