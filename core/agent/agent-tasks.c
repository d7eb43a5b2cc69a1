/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-tasks.h"

#include "core/base/error.h"
#include "core/replication/scheduler-lock.h"
#include "core/replication/scheduler.h"

#include <glib/gi18n-lib.h>

#define MAX_TASKS 4096
#define LAST_INSTANT G_GINT64_CONSTANT (253402300799)

static GVariant *
new_list (GPtrArray *tasks)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < tasks->len; i++)
    g_variant_builder_add_value (&builder, iss_task_to_variant (g_ptr_array_index (tasks, i)));

  return g_variant_builder_end (&builder);
}

/**
 * iss_agent_tasks_run:
 * @context: for whom and when
 * @parameters: (a{sv}): options
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error: what is due cannot be found out
 *
 * Returns: (transfer floating): (aa{sv}aa{sv}a{sv}): tasks that are not over, those that are,
 *   time and resident-since
 */
GVariant *
iss_agent_tasks_run (const IssAgentContext  *context,
                     GVariant               *parameters,
                     GCancellable           *cancellable,
                     GError                **error)
{
  g_autoptr(GPtrArray) waiting = NULL;
  g_autoptr(GPtrArray) over = NULL;
  GVariantDict info;

  waiting = iss_scheduler_list (context->root, context->now, error);
  over = waiting != NULL ? iss_scheduler_list_over (context->root, context->now, error) : NULL;
  if (over == NULL)
    return NULL;

  g_variant_dict_init (&info, NULL);
  g_variant_dict_insert (&info, "time", "x", context->now);
  g_variant_dict_insert (&info, "resident-since", "x",
                         iss_scheduler_lock_get_resident_since (context->root));

  return g_variant_new ("(@aa{sv}@aa{sv}@a{sv})", new_list (waiting), new_list (over),
                        g_variant_dict_end (&info));
}

/**
 * iss_agent_tasks_free:
 * @self: (transfer full): tasks of a server
 */
void
iss_agent_tasks_free (IssAgentTasks *self)
{
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_pointer (&self->over, g_ptr_array_unref);
  g_free (self);
}

static GPtrArray *
read_list (GVariant  *list,
           GError   **error)
{
  g_autoptr(GPtrArray) tasks = g_ptr_array_new_with_free_func (g_object_unref);

  if (g_variant_n_children (list) > MAX_TASKS)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                           _("The server's list of its tasks is too long"));
      return NULL;
    }

  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr(GVariant) one = g_variant_get_child_value (list, i);
      IssTask *task = iss_task_new_from_variant (one, error);

      if (task == NULL)
        return NULL;

      g_ptr_array_add (tasks, task);
    }

  return g_steal_pointer (&tasks);
}

static gpointer
read_reply (GVariant  *reply,
            GVariant  *parameters,
            GError   **error)
{
  g_autoptr(IssAgentTasks) tasks = g_new0 (IssAgentTasks, 1);
  g_autoptr(GVariant) waiting = NULL;
  g_autoptr(GVariant) over = NULL;
  g_autoptr(GVariant) info = NULL;

  g_variant_get (reply, "(@aa{sv}@aa{sv}@a{sv})", &waiting, &over, &info);
  tasks->waiting = read_list (waiting, error);
  tasks->over = tasks->waiting != NULL ? read_list (over, error) : NULL;
  if (tasks->over == NULL)
    return NULL;

  g_variant_lookup (info, "time", "x", &tasks->time);
  g_variant_lookup (info, "resident-since", "x", &tasks->resident_since);
  tasks->time = CLAMP (tasks->time, 0, LAST_INSTANT);
  tasks->resident_since = CLAMP (tasks->resident_since, 0, LAST_INSTANT);

  return g_steal_pointer (&tasks);
}

/**
 * iss_agent_tasks_new_call:
 *
 * Returns: (transfer full): a call; its value is an #IssAgentTasks
 */
IssAgentCall *
iss_agent_tasks_new_call (void)
{
  return iss_agent_call_new ("GetTasks", g_variant_new ("(a{sv})", NULL), "(aa{sv}aa{sv}a{sv})",
                             read_reply, (GDestroyNotify) iss_agent_tasks_free);
}
