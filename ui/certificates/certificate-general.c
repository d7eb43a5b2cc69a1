/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/certificate-general.h"

#include <glib/gi18n-lib.h>

#include "ui/pool/state-icon.h"

/* More would push everything else off the page; Details has them all. */
#define MAX_PURPOSES 8
#define MAX_PLACES 200

/**
 * IssCertificateGeneral:
 *
 * The certificate dialog's first page.
 */
struct _IssCertificateGeneral
{
  GtkWidget  parent_instance;

  /* Template Widgets */
  GtkWidget *root;
  GtkImage  *icon;
  GtkLabel  *fault_label;
  GtkLabel  *purposes_heading;
  GtkLabel  *purposes_label;
  GtkLabel  *issued_to;
  GtkLabel  *issued_by;
  GtkLabel  *validity;
  GtkWidget *personal;
  GtkImage  *key_icon;
  GtkLabel  *key_label;
  GtkLabel  *use_label;
  GtkWidget *places_box;
  GtkGrid   *places;
};

G_DEFINE_FINAL_TYPE (IssCertificateGeneral, iss_certificate_general, GTK_TYPE_WIDGET)

static void
iss_certificate_general_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ISS_TYPE_CERTIFICATE_GENERAL);

  G_OBJECT_CLASS (iss_certificate_general_parent_class)->dispose (object);
}

static void
iss_certificate_general_class_init (IssCertificateGeneralClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_certificate_general_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/issuant/Issuant/ui/certificates/certificate-general.ui");
  gtk_widget_class_bind_template_child (widget_class, IssCertificateGeneral, root);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateGeneral, icon);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateGeneral, fault_label);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateGeneral, purposes_heading);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateGeneral, purposes_label);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateGeneral, issued_to);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateGeneral, issued_by);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateGeneral, validity);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateGeneral, personal);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateGeneral, key_icon);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateGeneral, key_label);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateGeneral, use_label);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateGeneral, places_box);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateGeneral, places);
}

static void
iss_certificate_general_init (IssCertificateGeneral *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_purposes (IssCertificateGeneral *self,
               IssCertificateFacts   *facts)
{
  const char *const *purposes = iss_certificate_facts_get_purposes (facts);
  guint n = g_strv_length ((char **) purposes);
  g_autoptr(GString) text = g_string_new (NULL);

  gtk_label_set_label (self->purposes_heading,
                       n > 0 ? _("This certificate is intended for the following purpose(s):")
                             : _("This certificate is intended for all purposes."));

  for (guint i = 0; i < MIN (n, MAX_PURPOSES); i++)
    g_string_append_printf (text, "%s• %s", i > 0 ? "\n" : "", purposes[i]);
  if (n > MAX_PURPOSES)
    g_string_append_printf (text, ngettext ("\n… and %u more", "\n… and %u more",
                                            n - MAX_PURPOSES), n - MAX_PURPOSES);

  gtk_label_set_label (self->purposes_label, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->purposes_label), n > 0);
}

static GtkWidget *
new_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);

  return label;
}

static void
add_place (IssCertificateGeneral     *self,
           const IssCertificatePlace *place,
           int                        row)
{
  GtkWidget *image = g_object_new (GTK_TYPE_IMAGE,
                                   "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                   "valign", GTK_ALIGN_START,
                                   NULL);
  GtkWidget *name = new_label (place->server);
  GtkWidget *sentence = new_label (place->sentence);

  gtk_image_set_from_icon_name (GTK_IMAGE (image),
                                iss_state_icon_of_verdict (place->verdict, place->rung));
  gtk_widget_add_css_class (image, iss_state_icon_class_of_verdict (place->verdict, place->rung));
  gtk_widget_set_hexpand (sentence, TRUE);
  if (place->stale)
    gtk_widget_add_css_class (sentence, "stale");

  gtk_grid_attach (self->places, image, 0, row, 1, 1);
  gtk_grid_attach (self->places, name, 1, row, 1, 1);
  gtk_grid_attach (self->places, sentence, 2, row, 1, 1);
}

static void
show_places (IssCertificateGeneral *self,
             IssCertificateFacts   *facts)
{
  guint n = iss_certificate_facts_get_n_places (facts);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->places))) != NULL)
    gtk_grid_remove (self->places, child);

  for (guint i = 0; i < MIN (n, MAX_PLACES); i++)
    add_place (self, iss_certificate_facts_get_place (facts, i), (int) i);

  gtk_widget_set_visible (self->places_box, n > 0);
}

/**
 * iss_certificate_general_new:
 *
 * Returns: (transfer floating): an empty page
 */
GtkWidget *
iss_certificate_general_new (void)
{
  return g_object_new (ISS_TYPE_CERTIFICATE_GENERAL, NULL);
}

/**
 * iss_certificate_general_set_facts:
 * @self: a page
 * @facts: what it shows
 */
void
iss_certificate_general_set_facts (IssCertificateGeneral *self,
                                   IssCertificateFacts   *facts)
{
  g_autofree char *validity = NULL;
  const char *key;

  g_return_if_fail (ISS_IS_CERTIFICATE_GENERAL (self));
  g_return_if_fail (ISS_IS_CERTIFICATE_FACTS (facts));

  key = iss_certificate_facts_get_key (facts);
  gtk_image_set_from_icon_name (self->icon, iss_certificate_facts_has_key (facts)
                                              ? "iss-certificate-key-symbolic"
                                              : "iss-certificate-symbolic");
  show_purposes (self, facts);
  gtk_label_set_label (self->issued_to, iss_certificate_facts_get_title (facts));
  gtk_label_set_label (self->issued_by, iss_certificate_facts_get_issued_by (facts));
  /* Translators: two dates, after "Valid from:" */
  validity = g_strdup_printf (_("%s to %s"), iss_certificate_facts_get_valid_from (facts),
                              iss_certificate_facts_get_valid_to (facts));
  gtk_label_set_label (self->validity, validity);

  gtk_widget_set_visible (self->personal, key != NULL);
  if (key != NULL)
    {
      gtk_image_set_from_icon_name (self->key_icon, iss_certificate_facts_has_key (facts)
                                                      ? "iss-certificate-key-symbolic"
                                                      : "iss-certificate-symbolic");
      gtk_label_set_label (self->key_label, key);
      gtk_label_set_label (self->use_label, iss_certificate_facts_get_use (facts));
    }
  show_places (self, facts);
}

/**
 * iss_certificate_general_set_fault:
 * @self: a page
 * @fault: (nullable): what speaks against the certificate, a sentence
 *
 * Says what is wrong with it, under the heading.
 */
void
iss_certificate_general_set_fault (IssCertificateGeneral *self,
                                   const char            *fault)
{
  g_return_if_fail (ISS_IS_CERTIFICATE_GENERAL (self));

  gtk_label_set_label (self->fault_label, fault != NULL ? fault : "");
  gtk_widget_set_visible (GTK_WIDGET (self->fault_label), fault != NULL);
}
