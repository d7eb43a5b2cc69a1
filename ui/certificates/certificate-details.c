/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/certificate-details.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/certificates/detail-item.h"

/**
 * IssCertificateDetails:
 *
 * The certificate dialog's second page.
 *
 * What is shown of a very long value is its beginning; what is copied is all.
 */
struct _IssCertificateDetails
{
  GtkWidget            parent_instance;

  /* Template Widgets */
  GtkWidget           *root;
  GtkDropDown         *show;
  GtkColumnView       *view;
  GtkColumnViewColumn *field_column;
  GtkColumnViewColumn *value_column;
  GtkLabel            *note;
  GtkTextView         *text;
  GtkWidget           *copy_button;
  GtkWidget           *edit_button;

  /* Owned References */
  IssDetails          *details;      /* (nullable) */
  GListStore          *items;        /* (element-type IssDetailItem): those that are shown */
  GtkSingleSelection  *selection;
};

G_DEFINE_FINAL_TYPE (IssCertificateDetails, iss_certificate_details, GTK_TYPE_WIDGET)

static void
iss_certificate_details_dispose (GObject *object)
{
  IssCertificateDetails *self = ISS_CERTIFICATE_DETAILS (object);

  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_CERTIFICATE_DETAILS);
  g_clear_object (&self->selection);
  g_clear_object (&self->items);
  g_clear_object (&self->details);

  G_OBJECT_CLASS (iss_certificate_details_parent_class)->dispose (object);
}

static void
show_field (IssCertificateDetails *self)
{
  const IssDetailsField *field = iss_certificate_details_get_field (self);

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text),
                            field != NULL ? field->text : "", -1);
  gtk_label_set_label (self->note, field != NULL && field->note != NULL ? field->note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), field != NULL && field->note != NULL);
  gtk_widget_set_sensitive (self->copy_button, field != NULL && field->whole[0] != '\0');
}

static void
fill (IssCertificateDetails *self)
{
  IssDetailsShow show = (IssDetailsShow) gtk_drop_down_get_selected (self->show);
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = self->details != NULL ? iss_details_get_n_fields (self->details) : 0;

  for (guint i = 0; i < n; i++)
    {
      if (iss_details_field_is_shown (iss_details_get_field (self->details, i), show))
        g_ptr_array_add (items, iss_detail_item_new (self->details, i));
    }

  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)),
                       items->pdata, items->len);
  show_field (self);
}

static void
show_changed_cb (GtkDropDown *drop_down,
                 GParamSpec  *pspec,
                 gpointer     user_data)
{
  IssCertificateDetails *self = user_data;

  if (self->items != NULL)
    fill (self);
}

static void
copy_cb (GtkButton *button,
         gpointer   user_data)
{
  IssCertificateDetails *self = user_data;
  const IssDetailsField *field = iss_certificate_details_get_field (self);

  if (field != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), field->whole);
}

static gboolean
iss_certificate_details_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ISS_CERTIFICATE_DETAILS (widget)->view));
}

static void
iss_certificate_details_class_init (IssCertificateDetailsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_certificate_details_dispose;
  widget_class->grab_focus = iss_certificate_details_grab_focus;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/issuant/Issuant/ui/certificates/certificate-details.ui");
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDetails, root);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDetails, show);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDetails, view);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDetails, field_column);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDetails, value_column);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDetails, note);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDetails, text);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDetails, copy_button);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDetails, edit_button);
  gtk_widget_class_bind_template_callback (widget_class, show_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static GtkWidget *
new_inscription (void)
{
  GtkWidget *inscription = gtk_inscription_new (NULL);

  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (inscription),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (inscription), 4);
  gtk_inscription_set_nat_lines (GTK_INSCRIPTION (inscription), 1);
  gtk_widget_set_hexpand (inscription, TRUE);

  return inscription;
}

static void
setup_field_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item,
                gpointer                  unused)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_append (GTK_BOX (box), g_object_new (GTK_TYPE_IMAGE, NULL));
  gtk_box_append (GTK_BOX (box), new_inscription ());
  gtk_list_item_set_child (item, box);
}

static void
bind_field_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               gpointer                  unused)
{
  IssDetailItem *detail = gtk_list_item_get_item (item);
  const IssDetailsField *field = iss_detail_item_get_field (detail);
  GtkWidget *box = gtk_list_item_get_child (item);
  GtkWidget *image = gtk_widget_get_first_child (box);
  const char *meaning = field->critical ? _("Critical") : NULL;

  if (field->note != NULL)
    meaning = field->is_raw ? _("Cannot be decoded") : _("Not as it should be");

  gtk_image_set_from_icon_name (GTK_IMAGE (image), iss_detail_item_get_icon (detail));
  gtk_widget_set_visible (image, iss_detail_item_get_icon (detail) != NULL);
  gtk_widget_set_tooltip_text (image, meaning);
  if (meaning != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (image),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, meaning, -1);
  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_widget_get_last_child (box)), field->label);
}

static void
setup_value_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item,
                gpointer                  unused)
{
  gtk_list_item_set_child (item, new_inscription ());
}

static void
bind_value_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               gpointer                  unused)
{
  const IssDetailsField *field = iss_detail_item_get_field (gtk_list_item_get_item (item));

  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_list_item_get_child (item)), field->value);
}

static void
add_factory (GtkColumnViewColumn *column,
             GCallback            setup,
             GCallback            bind)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", setup, NULL);
  g_signal_connect (factory, "bind", bind, NULL);
  gtk_column_view_column_set_factory (column, factory);
}

static void
iss_certificate_details_init (IssCertificateDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->items = g_list_store_new (ISS_TYPE_DETAIL_ITEM);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->items)));
  g_signal_connect_swapped (self->selection, "notify::selected-item", G_CALLBACK (show_field),
                            self);
  add_factory (self->field_column, G_CALLBACK (setup_field_cb), G_CALLBACK (bind_field_cb));
  add_factory (self->value_column, G_CALLBACK (setup_value_cb), G_CALLBACK (bind_value_cb));
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
}

/**
 * iss_certificate_details_new:
 *
 * Returns: (transfer floating): an empty page
 */
GtkWidget *
iss_certificate_details_new (void)
{
  return g_object_new (ISS_TYPE_CERTIFICATE_DETAILS, NULL);
}

/**
 * iss_certificate_details_set_details:
 * @self: a page
 * @details: what it shows
 */
void
iss_certificate_details_set_details (IssCertificateDetails *self,
                                     IssDetails            *details)
{
  g_return_if_fail (ISS_IS_CERTIFICATE_DETAILS (self));
  g_return_if_fail (ISS_IS_DETAILS (details));

  if (g_set_object (&self->details, details))
    fill (self);
}

/**
 * iss_certificate_details_set_reason:
 * @self: a page
 * @reason: (nullable): why the properties cannot be edited, a sentence; %NULL when they can
 *
 * Says it where the button is that does nothing then.
 */
void
iss_certificate_details_set_reason (IssCertificateDetails *self,
                                    const char            *reason)
{
  g_return_if_fail (ISS_IS_CERTIFICATE_DETAILS (self));

  gtk_widget_set_tooltip_text (self->edit_button, reason);
}

/**
 * iss_certificate_details_set_show:
 * @self: a page
 * @show: which fields it shows
 */
void
iss_certificate_details_set_show (IssCertificateDetails *self,
                                  IssDetailsShow         show)
{
  g_return_if_fail (ISS_IS_CERTIFICATE_DETAILS (self));
  g_return_if_fail (show < ISS_DETAILS_N_SHOWS);

  gtk_drop_down_set_selected (self->show, show);
}

/**
 * iss_certificate_details_select:
 * @self: a page
 * @name_or_oid: the name of a field, or the OID of an extension
 *
 * Selects a field.
 *
 * Returns: whether it is shown
 */
gboolean
iss_certificate_details_select (IssCertificateDetails *self,
                                const char            *name_or_oid)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_DETAILS (self), FALSE);
  g_return_val_if_fail (name_or_oid != NULL, FALSE);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    {
      g_autoptr(IssDetailItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);
      const IssDetailsField *field = iss_detail_item_get_field (item);

      if (strcmp (field->name, name_or_oid) == 0 || strcmp (field->oid, name_or_oid) == 0)
        {
          gtk_single_selection_set_selected (self->selection, i);
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * iss_certificate_details_get_field:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the selected field
 */
const IssDetailsField *
iss_certificate_details_get_field (IssCertificateDetails *self)
{
  IssDetailItem *item;

  g_return_val_if_fail (ISS_IS_CERTIFICATE_DETAILS (self), NULL);

  item = gtk_single_selection_get_selected_item (self->selection);

  return item != NULL ? iss_detail_item_get_field (item) : NULL;
}

/**
 * iss_certificate_details_get_n_shown:
 * @self: a page
 *
 * Returns: how many fields it shows
 */
guint
iss_certificate_details_get_n_shown (IssCertificateDetails *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_DETAILS (self), 0);

  return g_list_model_get_n_items (G_LIST_MODEL (self->items));
}
