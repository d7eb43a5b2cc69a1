/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/server-check-list.h"

#include "ui/wizards/many-rows.h"

#include <glib/gi18n-lib.h>

/**
 * IssServerCheckList:
 *
 * A checklist of the servers of one pool.
 *
 * The list knows when something is different; what that means is the page's,
 * which describes each server when asked.
 */
struct _IssServerCheckList
{
  GtkWidget               parent_instance;

  /* Template Widgets */
  GtkWidget              *root;
  GtkScrolledWindow      *scrolled;
  GtkBox                 *box;

  /* Owned References */
  IssPool                *pool;
  /* (element-type IssServerCheckRow) borrowed from the box */
  GPtrArray              *rows;
  GPtrArray              *asked;         /* (nullable) (element-type GBytes) */
  GtkSizeGroup           *names;
  GCancellable           *cancellable;

  IssServerCheckDescribe  describe;
  gpointer                user_data;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssServerCheckList, iss_server_check_list, GTK_TYPE_WIDGET)

static void
iss_server_check_list_dispose (GObject *object)
{
  IssServerCheckList *self = ISS_SERVER_CHECK_LIST (object);

  g_cancellable_cancel (self->cancellable);
  if (self->pool != NULL)
    g_signal_handlers_disconnect_by_data (self->pool, self);

  g_ptr_array_set_size (self->rows, 0);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_SERVER_CHECK_LIST);
  g_clear_object (&self->pool);
  g_clear_pointer (&self->asked, g_ptr_array_unref);

  G_OBJECT_CLASS (iss_server_check_list_parent_class)->dispose (object);
}

static void
iss_server_check_list_finalize (GObject *object)
{
  IssServerCheckList *self = ISS_SERVER_CHECK_LIST (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_object (&self->names);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (iss_server_check_list_parent_class)->finalize (object);
}

static void
iss_server_check_list_class_init (IssServerCheckListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/server-check-list.ui";

  object_class->dispose = iss_server_check_list_dispose;
  object_class->finalize = iss_server_check_list_finalize;

  /**
   * IssServerCheckList::changed:
   *
   * The ticks, or what is known of a server, are different now.
   */
  signals[CHANGED] =
    g_signal_new ("changed", ISS_TYPE_SERVER_CHECK_LIST, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssServerCheckList, root);
  gtk_widget_class_bind_template_child (widget_class, IssServerCheckList, scrolled);
  gtk_widget_class_bind_template_child (widget_class, IssServerCheckList, box);
}

static void
iss_server_check_list_init (IssServerCheckList *self)
{
  self->rows = g_ptr_array_new ();
  self->names = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  self->cancellable = g_cancellable_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
ticked_cb (IssServerCheckList *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* A look that is under way keeps the list for longer than the page that describes. */
static void
pool_changed_cb (IssServerCheckList *self)
{
  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;

  iss_server_check_list_update (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* What came of it is the server's state, which is shown already. */
static void
server_looked_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(IssServerCheckList) self = user_data;

  if (iss_server_look_finish (ISS_SERVER (object), result, NULL) && self->pool != NULL)
    pool_changed_cb (self);
}

static void
retry_cb (IssServerCheckList *self,
          IssServerCheckRow  *row)
{
  iss_server_look_async (iss_server_check_row_get_server (row), self->asked, self->cancellable,
                         server_looked_cb, g_object_ref (self));
}

static void
pool_looked_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(IssServerCheckList) self = user_data;

  if (iss_pool_look_finish (ISS_POOL (object), result, NULL, NULL) && self->pool != NULL)
    pool_changed_cb (self);
}

/**
 * iss_server_check_list_set_pool:
 * @self: a list
 * @pool: its servers are shown
 * @describe: says what is known of one of them
 * @user_data: for @describe; lives longer than @self
 *
 * Fills the list. To be called once.
 */
void
iss_server_check_list_set_pool (IssServerCheckList     *self,
                                IssPool                *pool,
                                IssServerCheckDescribe  describe,
                                gpointer                user_data)
{
  g_return_if_fail (ISS_IS_SERVER_CHECK_LIST (self));
  g_return_if_fail (ISS_IS_POOL (pool));
  g_return_if_fail (self->pool == NULL);
  g_return_if_fail (describe != NULL);

  self->pool = g_object_ref (pool);
  self->describe = describe;
  self->user_data = user_data;

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      GtkWidget *row = iss_server_check_row_new (iss_pool_get_server (pool, i), self->names);

      g_signal_connect_object (row, "notify::ticked", G_CALLBACK (ticked_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (row, "retry", G_CALLBACK (retry_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (self->box, row);
      g_ptr_array_add (self->rows, row);
    }

  iss_many_rows_place (self->scrolled, GTK_WIDGET (self->box), self->rows->len);
  g_signal_connect_object (pool, "changed", G_CALLBACK (pool_changed_cb), self,
                           G_CONNECT_SWAPPED);
  iss_server_check_list_update (self);
}

/**
 * iss_server_check_list_look:
 * @self: a list with a pool
 * @asked: (nullable) (element-type GBytes): certificates to ask about, SHA-256
 *
 * Looks at every server; what comes back is shown as it comes.
 */
void
iss_server_check_list_look (IssServerCheckList *self,
                            GPtrArray          *asked)
{
  g_return_if_fail (ISS_IS_SERVER_CHECK_LIST (self));
  g_return_if_fail (self->pool != NULL);

  if (asked != NULL)
    g_ptr_array_ref (asked);
  g_clear_pointer (&self->asked, g_ptr_array_unref);
  self->asked = asked;

  iss_pool_look_async (self->pool, asked, self->cancellable, pool_looked_cb, g_object_ref (self));
}

/**
 * iss_server_check_list_update:
 * @self: a list
 *
 * Has each server described again.
 */
void
iss_server_check_list_update (IssServerCheckList *self)
{
  g_return_if_fail (ISS_IS_SERVER_CHECK_LIST (self));

  for (guint i = 0; i < self->rows->len; i++)
    {
      IssServerCheckRow *row = g_ptr_array_index (self->rows, i);
      IssServerCheckState state = { NULL, };

      self->describe (iss_server_check_row_get_server (row), &state, self->user_data);
      iss_server_check_row_say (row, &state);
    }
}

guint
iss_server_check_list_get_n_rows (IssServerCheckList *self)
{
  g_return_val_if_fail (ISS_IS_SERVER_CHECK_LIST (self), 0);

  return self->rows->len;
}

/**
 * iss_server_check_list_get_row:
 * @self: a list
 * @index: less than iss_server_check_list_get_n_rows()
 *
 * Returns: (transfer none): the row
 */
IssServerCheckRow *
iss_server_check_list_get_row (IssServerCheckList *self,
                               guint               index)
{
  g_return_val_if_fail (ISS_IS_SERVER_CHECK_LIST (self), NULL);
  g_return_val_if_fail (index < self->rows->len, NULL);

  return g_ptr_array_index (self->rows, index);
}

/**
 * iss_server_check_list_find_row:
 * @self: a list
 * @server: a server
 *
 * Returns: (transfer none) (nullable): its row
 */
IssServerCheckRow *
iss_server_check_list_find_row (IssServerCheckList *self,
                                IssServer          *server)
{
  g_return_val_if_fail (ISS_IS_SERVER_CHECK_LIST (self), NULL);

  for (guint i = 0; i < self->rows->len; i++)
    {
      IssServerCheckRow *row = g_ptr_array_index (self->rows, i);

      if (iss_server_check_row_get_server (row) == server)
        return row;
    }

  return NULL;
}

/**
 * iss_server_check_list_dup_ticked:
 * @self: a list
 *
 * Returns: (transfer container) (element-type IssServer): the servers that are
 *   ticked, in the order of the pool
 */
GPtrArray *
iss_server_check_list_dup_ticked (IssServerCheckList *self)
{
  g_autoptr(GPtrArray) ticked = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (ISS_IS_SERVER_CHECK_LIST (self), NULL);

  for (guint i = 0; i < self->rows->len; i++)
    {
      IssServerCheckRow *row = g_ptr_array_index (self->rows, i);

      if (iss_server_check_row_get_ticked (row))
        g_ptr_array_add (ticked, g_object_ref (iss_server_check_row_get_server (row)));
    }

  return g_steal_pointer (&ticked);
}
