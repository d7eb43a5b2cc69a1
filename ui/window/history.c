/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/history.h"

struct _IssHistory
{
  GPtrArray *paths;      /* (element-type utf8) */
  guint      position;   /* of the path shown, while there is one */
};

#define MAX_PATHS 100

/**
 * iss_history_new:
 *
 * Returns: (transfer full): a history of nothing
 */
IssHistory *
iss_history_new (void)
{
  IssHistory *self = g_new0 (IssHistory, 1);

  self->paths = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
iss_history_free (IssHistory *self)
{
  g_ptr_array_unref (self->paths);
  g_free (self);
}

/**
 * iss_history_visit:
 * @self: a history
 * @path: what is shown now
 *
 * What could have been reached by Forward is forgotten. Going where it stands
 * already changes nothing; the oldest of more than 100 is dropped.
 */
void
iss_history_visit (IssHistory *self,
                   const char *path)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (path != NULL);

  if (self->paths->len > 0)
    {
      if (g_str_equal (g_ptr_array_index (self->paths, self->position), path))
        return;

      g_ptr_array_set_size (self->paths, (int) self->position + 1);
    }

  if (self->paths->len == MAX_PATHS)
    g_ptr_array_remove_index (self->paths, 0);

  g_ptr_array_add (self->paths, g_strdup (path));
  self->position = self->paths->len - 1;
}

/**
 * iss_history_can_go:
 * @self: a history
 * @step: -1 for back, +1 for forward
 *
 * Returns: whether there is something that way
 */
gboolean
iss_history_can_go (IssHistory *self,
                    int         step)
{
  gint64 position;

  g_return_val_if_fail (self != NULL, FALSE);

  position = (gint64) self->position + step;

  return position >= 0 && position < self->paths->len;
}

/**
 * iss_history_go:
 * @self: a history
 * @step: -1 for back, +1 for forward
 *
 * Returns: (transfer none) (nullable): what is to be shown then; %NULL, and
 *   nothing changes, if there is nothing that way
 */
const char *
iss_history_go (IssHistory *self,
                int         step)
{
  if (!iss_history_can_go (self, step))
    return NULL;

  self->position = (guint) ((int) self->position + step);

  return g_ptr_array_index (self->paths, self->position);
}

void
iss_history_clear (IssHistory *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_set_size (self->paths, 0);
  self->position = 0;
}
