/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/undo-bar.h"

#include <glib/gi18n-lib.h>

/**
 * IssUndoBar:
 *
 * What was deleted, newest last, and how to bring it back.
 */
struct _IssUndoBar
{
  GtkWidget  parent_instance;

  /* Template Widgets */
  GtkWidget *root;
  GtkLabel  *text;

  /* Owned References */
  GPtrArray *steps;   /* (element-type Step) */
};

/* One deletion. */
typedef struct
{
  IssServer  *server;
  char      **entries;
  char       *what;      /* "auth.contoso.example was deleted from Personal on fe01." */
  char       *label;     /* "Undo Delete of auth.contoso.example" */
} Step;

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssUndoBar, iss_undo_bar, GTK_TYPE_WIDGET)

static void
step_free (Step *step)
{
  g_object_unref (step->server);
  g_strfreev (step->entries);
  g_free (step->what);
  g_free (step->label);
  g_free (step);
}

static Step *
get_newest (IssUndoBar *self)
{
  return self->steps->len > 0 ? g_ptr_array_index (self->steps, self->steps->len - 1) : NULL;
}

static void
iss_undo_bar_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ISS_TYPE_UNDO_BAR);

  G_OBJECT_CLASS (iss_undo_bar_parent_class)->dispose (object);
}

static void
iss_undo_bar_finalize (GObject *object)
{
  g_ptr_array_unref (ISS_UNDO_BAR (object)->steps);

  G_OBJECT_CLASS (iss_undo_bar_parent_class)->finalize (object);
}

static void
close_cb (GtkButton *button,
          gpointer   user_data)
{
  gtk_widget_set_visible (GTK_WIDGET (user_data), FALSE);
}

static void
iss_undo_bar_class_init (IssUndoBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_undo_bar_dispose;
  object_class->finalize = iss_undo_bar_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/window/undo-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, IssUndoBar, root);
  gtk_widget_class_bind_template_child (widget_class, IssUndoBar, text);
  gtk_widget_class_bind_template_callback (widget_class, close_cb);
}

static void
iss_undo_bar_init (IssUndoBar *self)
{
  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_undo_bar_new:
 *
 * Returns: (transfer floating): a bar with nothing to undo, hidden
 */
GtkWidget *
iss_undo_bar_new (void)
{
  return g_object_new (ISS_TYPE_UNDO_BAR, NULL);
}

/**
 * iss_undo_bar_push:
 * @self: a bar
 * @server: where
 * @entries: (array zero-terminated=1): entries of its trash
 * @what: what was done, a sentence
 * @label: what undoes it, for a menu
 *
 * Remembers a deletion and shows it.
 */
void
iss_undo_bar_push (IssUndoBar        *self,
                   IssServer         *server,
                   const char *const *entries,
                   const char        *what,
                   const char        *label)
{
  Step *step;

  g_return_if_fail (ISS_IS_UNDO_BAR (self));
  g_return_if_fail (ISS_IS_SERVER (server));
  g_return_if_fail (entries != NULL && what != NULL && label != NULL);

  step = g_new0 (Step, 1);
  step->server = g_object_ref (server);
  step->entries = g_strdupv ((char **) entries);
  step->what = g_strdup (what);
  step->label = g_strdup (label);
  g_ptr_array_add (self->steps, step);

  gtk_label_set_label (self->text, what);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * iss_undo_bar_peek:
 * @self: a bar
 * @out_server: (out) (optional) (transfer none): where
 * @out_entries: (out) (optional) (transfer none): entries of its trash
 *
 * Returns: whether there is something to undo; else nothing is put out
 */
gboolean
iss_undo_bar_peek (IssUndoBar         *self,
                   IssServer         **out_server,
                   const char *const **out_entries)
{
  const Step *step;

  g_return_val_if_fail (ISS_IS_UNDO_BAR (self), FALSE);

  step = get_newest (self);
  if (step == NULL)
    return FALSE;

  if (out_server != NULL)
    *out_server = step->server;
  if (out_entries != NULL)
    *out_entries = (const char *const *) step->entries;

  return TRUE;
}

/**
 * iss_undo_bar_pop:
 * @self: a bar with something to undo
 *
 * Forgets the newest: it is undone. The one before it can be undone now, from the menu.
 */
void
iss_undo_bar_pop (IssUndoBar *self)
{
  g_return_if_fail (ISS_IS_UNDO_BAR (self));
  g_return_if_fail (self->steps->len > 0);

  g_ptr_array_set_size (self->steps, (int) self->steps->len - 1);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * iss_undo_bar_get_label:
 * @self: a bar
 *
 * Returns: (transfer none) (nullable): what undoes the newest; %NULL when there is nothing
 */
const char *
iss_undo_bar_get_label (IssUndoBar *self)
{
  const Step *step;

  g_return_val_if_fail (ISS_IS_UNDO_BAR (self), NULL);

  step = get_newest (self);
  return step != NULL ? step->label : NULL;
}

/**
 * iss_undo_bar_get_text:
 * @self: a bar
 *
 * Returns: (transfer none): what it shows; "" while it is hidden
 */
const char *
iss_undo_bar_get_text (IssUndoBar *self)
{
  g_return_val_if_fail (ISS_IS_UNDO_BAR (self), NULL);

  return gtk_widget_get_visible (GTK_WIDGET (self)) ? gtk_label_get_label (self->text) : "";
}
