/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/task-item.h"

#include "core/base/time-text.h"
#include "core/replication/task-text.h"

#define NOTHING "–"

/**
 * IssTaskItem:
 *
 * A task in words.
 */
struct _IssTaskItem
{
  GObject     parent_instance;

  char       *texts[ISS_N_TASK_COLUMNS];
  const char *icon;
  const char *css_class;
};

typedef struct
{
  const char *icon;
  const char *css_class;
} Look;

static const Look looks[ISS_N_TASK_STATES] =
{
  [ISS_TASK_STATE_DUE]       = { "iss-state-not-yet-symbolic",   "dim-label" },
  [ISS_TASK_STATE_HELD]      = { "iss-state-in-store-symbolic",  "dim-label" },
  [ISS_TASK_STATE_RUNNING]   = { "iss-task-symbolic",            "dim-label" },
  [ISS_TASK_STATE_FAILED]    = { "iss-state-different-symbolic", "error" },
  [ISS_TASK_STATE_DONE]      = { "iss-state-published-symbolic", "success" },
  [ISS_TASK_STATE_OVERTAKEN] = { "iss-state-missing-symbolic",   "dim-label" },
};

static const Look late = { "iss-state-expired-symbolic", "warning" };

G_DEFINE_FINAL_TYPE (IssTaskItem, iss_task_item, G_TYPE_OBJECT)

static void
iss_task_item_finalize (GObject *object)
{
  IssTaskItem *self = ISS_TASK_ITEM (object);

  for (gsize i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_free (self->texts[i]);

  G_OBJECT_CLASS (iss_task_item_parent_class)->finalize (object);
}

static void
iss_task_item_class_init (IssTaskItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = iss_task_item_finalize;
}

static void
iss_task_item_init (IssTaskItem *self)
{
}

static const Look *
find_look (IssTask *task,
           gint64   now)
{
  const IssTaskState state = iss_task_get_state (task);

  if (state == ISS_TASK_STATE_DUE && iss_task_get_lateness (task, now) > 0)
    return &late;

  return &looks[state];
}

static char *
dup_or_nothing (const char *text)
{
  return g_strdup (*text != '\0' ? text : NOTHING);
}

/**
 * iss_task_item_new:
 * @task: a task of a server
 * @certificate: what its certificate is called; "" where it has none
 * @now: what the server's clock showed
 * @zone: the zone to show instants in
 *
 * Returns: (transfer full): a line of the list
 */
IssTaskItem *
iss_task_item_new (IssTask    *task,
                   const char *certificate,
                   gint64      now,
                   GTimeZone  *zone)
{
  IssTaskItem *self;
  g_autofree char *result = NULL;
  g_autofree char *type = NULL;
  const Look *look;

  g_return_val_if_fail (ISS_IS_TASK (task), NULL);
  g_return_val_if_fail (certificate != NULL, NULL);

  self = g_object_new (ISS_TYPE_TASK_ITEM, NULL);
  result = iss_task_text_dup_result (task, now, zone);
  type = iss_task_text_dup_type (task);
  look = find_look (task, now);
  self->icon = look->icon;
  self->css_class = look->css_class;
  self->texts[ISS_TASK_COLUMN_TASK] =
    g_strdup (iss_task_kind_get_label (iss_task_get_kind (task)));
  self->texts[ISS_TASK_COLUMN_TYPE] = dup_or_nothing (type);
  self->texts[ISS_TASK_COLUMN_CERTIFICATE] = dup_or_nothing (certificate);
  self->texts[ISS_TASK_COLUMN_DUE] = iss_time_text_instant (iss_task_get_due (task), zone);
  self->texts[ISS_TASK_COLUMN_STATE] = iss_task_text_dup_state (task, now);
  self->texts[ISS_TASK_COLUMN_RESULT] = dup_or_nothing (result);

  return self;
}

/**
 * iss_task_item_get_text:
 * @self: a line of the list
 * @column: a column
 *
 * Returns: (transfer none): what stands there
 */
const char *
iss_task_item_get_text (IssTaskItem   *self,
                        IssTaskColumn  column)
{
  g_return_val_if_fail (ISS_IS_TASK_ITEM (self), NULL);
  g_return_val_if_fail ((guint) column < ISS_N_TASK_COLUMNS, NULL);

  return self->texts[column];
}

/**
 * iss_task_item_get_icon:
 * @self: a line of the list
 *
 * Returns: (transfer none): the symbol of its state
 */
const char *
iss_task_item_get_icon (IssTaskItem *self)
{
  g_return_val_if_fail (ISS_IS_TASK_ITEM (self), NULL);

  return self->icon;
}

/**
 * iss_task_item_get_css_class:
 * @self: a line of the list
 *
 * Returns: (transfer none): the colour of its state, a static string
 */
const char *
iss_task_item_get_css_class (IssTaskItem *self)
{
  g_return_val_if_fail (ISS_IS_TASK_ITEM (self), NULL);

  return self->css_class;
}
