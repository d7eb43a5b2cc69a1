/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-method.h"

#include "core/agent/agent-wire.h"
#include "core/agent/agent-writer.h"

/* A context of its own, until the method has run. */
typedef struct
{
  IssAgentMethodFunc  func;
  IssAgentContext     context;      /* everything owned */
  GVariant           *parameters;   /* owned */
} Run;

static Run *
run_new (const IssAgentMethod  *method,
         const IssAgentContext *context,
         GVariant              *parameters)
{
  Run *run = g_new0 (Run, 1);

  run->func = method->func;
  run->context.root = g_object_ref (context->root);
  run->context.who = g_strdup (context->who);
  run->context.now = context->now;
  g_set_object (&run->context.recipient, context->recipient);
  g_set_object (&run->context.recipient_key, context->recipient_key);
  run->context.reader = g_strdup (context->reader);
  run->parameters = g_variant_ref (parameters);
  return run;
}

static void
run_free (Run *run)
{
  g_object_unref (run->context.root);
  g_free ((char *) run->context.who);
  g_clear_object (&run->context.recipient);
  g_clear_object (&run->context.recipient_key);
  g_free ((char *) run->context.reader);
  g_variant_unref (run->parameters);
  g_free (run);
}

static GVariant *
run_func (Run           *run,
          GCancellable  *cancellable,
          GError       **error)
{
  GVariant *answer = run->func (&run->context, run->parameters, cancellable, error);

  return answer != NULL ? g_variant_ref_sink (answer) : NULL;
}

static void
read_worker (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  GVariant *answer = run_func (task_data, cancellable, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) g_variant_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gpointer
change (IssRootFolder  *root,
        GCancellable   *cancellable,
        gpointer        user_data,
        GError        **error)
{
  return run_func (user_data, cancellable, error);
}

static void
changed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  GVariant *answer = iss_agent_writer_run_finish (result, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) g_variant_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * iss_agent_method_is_what_if:
 * @parameters: the arguments of a call
 *
 * Returns: whether the last one is a dictionary that says "what-if"
 */
gboolean
iss_agent_method_is_what_if (GVariant *parameters)
{
  g_autoptr(GVariant) last = NULL;
  gsize n;

  g_return_val_if_fail (g_variant_is_of_type (parameters, G_VARIANT_TYPE_TUPLE), FALSE);

  n = g_variant_n_children (parameters);
  if (n == 0)
    return FALSE;

  last = g_variant_get_child_value (parameters, n - 1);
  return g_variant_is_of_type (last, G_VARIANT_TYPE_VARDICT) &&
         iss_agent_wire_get_boolean (last, "what-if");
}

/**
 * iss_agent_method_run_async:
 * @method: what to run
 * @context: for whom and when; not needed after this returns
 * @parameters: the call's arguments
 * @cancellable: (nullable): a cancellable
 * @callback: called when it has run
 * @user_data: for @callback
 *
 * Runs a method in a thread, one that changes something with the writers' lock. Who may call
 * it has been looked at before.
 */
void
iss_agent_method_run_async (const IssAgentMethod  *method,
                            const IssAgentContext *context,
                            GVariant              *parameters,
                            GCancellable          *cancellable,
                            GAsyncReadyCallback    callback,
                            gpointer               user_data)
{
  g_autoptr(GTask) task = NULL;
  Run *run;

  g_return_if_fail (method != NULL);
  g_return_if_fail (context != NULL);
  g_return_if_fail (parameters != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_agent_method_run_async);
  /* Only the method knows whether a cancel came in time. */
  g_task_set_check_cancellable (task, FALSE);

  run = run_new (method, context, parameters);
  if (method->access == ISS_AGENT_ACCESS_CHANGE)
    {
      iss_agent_writer_run_async (context->root, context->who, context->now, 0, change, run,
                                  (GDestroyNotify) run_free, (GDestroyNotify) g_variant_unref,
                                  cancellable, changed_cb, g_steal_pointer (&task));
      return;
    }

  g_task_set_task_data (task, run, (GDestroyNotify) run_free);
  g_task_run_in_thread (task, read_worker);
}

/**
 * iss_agent_method_run_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): the answer's tuple
 */
GVariant *
iss_agent_method_run_finish (GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, iss_agent_method_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
