/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/replication-status.h"

#include <glib/gi18n-lib.h>

/**
 * IssReplicationStatus:
 *
 * Who replicates, and what servers that were removed still hold.
 */
struct _IssReplicationStatus
{
  GtkWidget     parent_instance;

  /* Template Widgets */
  GtkWidget    *root;
  GtkWidget    *deleted_box;
  /* A label a line, and the advice, which is there from the beginning: GTK 4.8 keeps how a box was
   * measured before it was ever shown. */
  GtkBox       *deleted;
  GtkWidget    *advice;
  GtkLabel     *replicator;

  /* Owned References */
  IssPool      *pool;          /* (nullable) until something is read */
  GCancellable *cancellable;   /* (nullable): of the reading under way */
};

G_DEFINE_FINAL_TYPE (IssReplicationStatus, iss_replication_status, GTK_TYPE_WIDGET)

static void
give_up (IssReplicationStatus *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
iss_replication_status_dispose (GObject *object)
{
  IssReplicationStatus *self = ISS_REPLICATION_STATUS (object);

  give_up (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_REPLICATION_STATUS);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (iss_replication_status_parent_class)->dispose (object);
}

static void
iss_replication_status_class_init (IssReplicationStatusClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/pool/replication-status.ui";

  G_OBJECT_CLASS (klass)->dispose = iss_replication_status_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationStatus, root);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationStatus, deleted_box);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationStatus, deleted);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationStatus, advice);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationStatus, replicator);
}

static void
iss_replication_status_init (IssReplicationStatus *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
add_line (IssReplicationStatus *self,
          const char           *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_can_focus (label, FALSE);
  gtk_widget_insert_before (label, GTK_WIDGET (self->deleted), self->advice);
}

/* That the store cannot be read the page says. */
static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssReplicationStatus) self = user_data;
  g_autoptr(IssCentralStatus) status = NULL;
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr(GError) error = NULL;

  status = iss_central_status_load_finish (result, &error);

  /* It is read anew, or the page went. */
  if (self->pool == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  if (status != NULL)
    iss_replication_status_show (self, status, iss_clock_now (iss_pool_get_clock (self->pool)),
                                 zone);
}

/**
 * iss_replication_status_load:
 * @self: a widget
 * @store: (nullable): the central store; %NULL: there is none yet
 * @pool: a pool
 *
 * Reads what is known, and shows it.
 */
void
iss_replication_status_load (IssReplicationStatus *self,
                             IssCentralStore      *store,
                             IssPool              *pool)
{
  g_auto(GStrv) names = NULL;

  g_return_if_fail (ISS_IS_REPLICATION_STATUS (self));
  g_return_if_fail (store == NULL || ISS_IS_CENTRAL_STORE (store));
  g_return_if_fail (ISS_IS_POOL (pool));

  give_up (self);
  g_set_object (&self->pool, pool);
  if (store == NULL)
    {
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      return;
    }

  names = iss_pool_dup_server_names (pool);
  self->cancellable = g_cancellable_new ();
  iss_central_status_load_async (store, iss_pool_get_name (pool), (const char *const *) names,
                                 self->cancellable, loaded_cb, g_object_ref (self));
}

/**
 * iss_replication_status_show:
 * @self: a widget
 * @status: what was read
 * @now: seconds since 1970
 * @zone: where whoever reads it is
 */
void
iss_replication_status_show (IssReplicationStatus   *self,
                             const IssCentralStatus *status,
                             gint64                  now,
                             GTimeZone              *zone)
{
  g_autofree char *who = NULL;
  g_autofree char *replicator = NULL;
  gboolean holds = FALSE;
  GtkWidget *child;

  g_return_if_fail (ISS_IS_REPLICATION_STATUS (self));
  g_return_if_fail (status != NULL && zone != NULL);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->deleted))) != self->advice)
    gtk_box_remove (self->deleted, child);

  for (guint i = 0; i < status->deleted->len; i++)
    {
      const IssReplicaReport *report = g_ptr_array_index (status->deleted, i);
      g_autofree char *text = iss_central_status_dup_deleted (status, report, zone);
      g_autofree char *sentence = g_strdup_printf ("%s.", text);
      g_autoptr(GPtrArray) held = iss_central_status_list_held (report);

      holds = holds || held->len > 0;
      add_line (self, sentence);
    }

  who = iss_central_status_dup_replicator (status, now, zone);
  replicator = g_strdup_printf ("%s.", who);
  gtk_widget_set_visible (self->advice, holds);
  gtk_widget_set_visible (self->deleted_box, status->deleted->len > 0);
  gtk_label_set_label (self->replicator, replicator);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

/**
 * iss_replication_status_dup_text:
 * @self: a widget
 *
 * Returns: (transfer full): what it says, a line each; "" = nothing
 */
char *
iss_replication_status_dup_text (IssReplicationStatus *self)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_return_val_if_fail (ISS_IS_REPLICATION_STATUS (self), NULL);

  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    return g_strdup ("");

  for (GtkWidget *line = gtk_widget_get_first_child (GTK_WIDGET (self->deleted)); line != NULL;
       line = gtk_widget_get_next_sibling (line))
    if (gtk_widget_get_visible (line))
      g_string_append_printf (text, "%s\n", gtk_label_get_label (GTK_LABEL (line)));
  g_string_append_printf (text, "%s\n", gtk_label_get_label (self->replicator));

  return g_strdup (text->str);
}
