/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/candidate-list.h"

#include "core/base/text.h"
#include "core/base/time-text.h"

#include <glib/gi18n-lib.h>

/* name, issuer, expiry, key, servers, use */
#define N_COLUMNS 6

/**
 * IssCandidateList:
 *
 * The certificates of a choice, those that are not suitable greyed and with the
 * reason: they can be read, and not be selected.
 */
struct _IssCandidateList
{
  GtkWidget     parent_instance;

  /* Template Widgets */
  GtkWidget    *root;
  GtkStack     *stack;
  GtkSpinner   *spinner;
  GtkLabel     *label;
  GtkListBox   *list;

  /* Owned References */
  GPtrArray    *candidates;             /* (element-type IssCandidate), in the order of the rows */
  GtkSizeGroup *columns[N_COLUMNS];

  gboolean      filling;
  gboolean      hides_servers;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssCandidateList, iss_candidate_list, GTK_TYPE_WIDGET)

static void
iss_candidate_list_dispose (GObject *object)
{
  IssCandidateList *self = ISS_CANDIDATE_LIST (object);

  self->filling = TRUE;
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_CANDIDATE_LIST);

  G_OBJECT_CLASS (iss_candidate_list_parent_class)->dispose (object);
}

static void
iss_candidate_list_finalize (GObject *object)
{
  IssCandidateList *self = ISS_CANDIDATE_LIST (object);

  g_clear_pointer (&self->candidates, g_ptr_array_unref);
  for (guint i = 0; i < N_COLUMNS; i++)
    g_clear_object (&self->columns[i]);

  G_OBJECT_CLASS (iss_candidate_list_parent_class)->finalize (object);
}

static void
selected_cb (IssCandidateList *self)
{
  if (!self->filling)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
iss_candidate_list_class_init (IssCandidateListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/candidate-list.ui";

  object_class->dispose = iss_candidate_list_dispose;
  object_class->finalize = iss_candidate_list_finalize;

  /**
   * IssCandidateList::changed:
   *
   * Another certificate is selected, or none.
   */
  signals[CHANGED] =
    g_signal_new ("changed", ISS_TYPE_CANDIDATE_LIST, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssCandidateList, root);
  gtk_widget_class_bind_template_child (widget_class, IssCandidateList, stack);
  gtk_widget_class_bind_template_child (widget_class, IssCandidateList, spinner);
  gtk_widget_class_bind_template_child (widget_class, IssCandidateList, label);
  gtk_widget_class_bind_template_child (widget_class, IssCandidateList, list);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static IssCandidate *
get_candidate (IssCandidateList *self,
               GtkListBoxRow    *row)
{
  return g_ptr_array_index (self->candidates, gtk_list_box_row_get_index (row));
}

static void
header_cb (GtkListBoxRow *row,
           GtkListBoxRow *before,
           gpointer       user_data)
{
  IssCandidateList *self = user_data;
  GtkWidget *label;

  if (iss_candidate_is_suitable (get_candidate (self, row))
      || (before != NULL && !iss_candidate_is_suitable (get_candidate (self, before))))
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }

  label = gtk_label_new (_("Not suitable"));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "list-heading");
  gtk_list_box_row_set_header (row, label);
}

static void
iss_candidate_list_init (IssCandidateList *self)
{
  self->candidates = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < N_COLUMNS; i++)
    self->columns[i] = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, header_cb, self, NULL);
}

static GtkWidget *
append_label (GtkWidget    *box,
              GtkSizeGroup *column,
              const char   *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (column != NULL)
    gtk_size_group_add_widget (column, label);
  gtk_box_append (GTK_BOX (box), label);

  return label;
}

static void
append_suitable (IssCandidateList *self,
                 GtkWidget        *box,
                 IssCandidate     *candidate)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *date = iss_time_text_short (iss_candidate_get_not_after (candidate), zone);
  g_autofree char *expires = g_strdup_printf (_("expires %s"), date);
  g_autofree char *on = NULL;
  g_autofree char *use = NULL;
  guint n = iss_candidate_get_n_servers (candidate);
  const char *used_for = iss_candidate_get_used_for (candidate);
  GtkWidget *label;

  on = g_strdup_printf (ngettext ("on %u of %u server", "on %u of %u servers", n),
                        iss_candidate_get_n_on (candidate), n);
  /* Translators: %s are certificate types: what a certificate is used for already */
  use = used_for != NULL && *used_for != '\0' ? g_strdup_printf (_("is %s"), used_for)
                                              : g_strdup ("");

  append_label (box, self->columns[1], iss_candidate_get_issued_by (candidate));
  append_label (box, self->columns[2], expires);
  append_label (box, self->columns[3], iss_candidate_get_key_text (candidate));
  if (!self->hides_servers)
    append_label (box, self->columns[4], on);
  label = append_label (box, self->columns[5], use);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_tooltip_text (label, *use != '\0' ? use : NULL);

  if (iss_candidate_has_warnings (candidate))
    {
      GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

      gtk_widget_add_css_class (icon, "warning");
      gtk_widget_set_tooltip_text (icon, iss_candidate_get_reason (candidate));
      gtk_box_append (GTK_BOX (box), icon);
    }
}

static GtkWidget *
make_row (IssCandidateList *self,
          IssCandidate     *candidate)
{
  gboolean suitable = iss_candidate_is_suitable (candidate);
  const char *reason = iss_candidate_get_reason (candidate);
  g_autofree char *thumbprint = iss_text_thumbprint_short (iss_candidate_get_sha1 (candidate));
  g_autofree char *whole = iss_text_thumbprint (iss_candidate_get_sha1 (candidate));
  g_autofree char *tooltip = NULL;
  g_autofree char *spoken = NULL;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label;

  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("iss-certificate-key-symbolic"));
  append_label (box, self->columns[0], iss_candidate_get_issued_to (candidate));

  if (suitable)
    {
      append_suitable (self, box, candidate);
    }
  else
    {
      label = append_label (box, NULL, reason);
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
      gtk_widget_set_hexpand (label, TRUE);
      gtk_widget_add_css_class (box, "dim-label");
    }

  /* Translators: name of a certificate, its whole thumbprint */
  tooltip = g_strdup_printf (_("%s\nThumbprint %s"), iss_candidate_get_issued_to (candidate),
                             whole);
  gtk_widget_set_tooltip_text (row, tooltip);
  spoken = g_strdup_printf ("%s, %s%s%s", iss_candidate_get_issued_to (candidate), thumbprint,
                            reason != NULL ? ", " : "", reason != NULL ? reason : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (row), suitable);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), suitable);

  return row;
}

/**
 * iss_candidate_list_hide_servers:
 * @self: a list without candidates
 *
 * Leaves out on how many of the servers that are asked each is: they are those that have it.
 */
void
iss_candidate_list_hide_servers (IssCandidateList *self)
{
  g_return_if_fail (ISS_IS_CANDIDATE_LIST (self));

  self->hides_servers = TRUE;
}

/**
 * iss_candidate_list_set_candidates:
 * @self: a list
 * @candidates: (element-type IssCandidate): the suitable ones first
 * @selected: (nullable): SHA-256 of the one to select, if it is suitable
 *
 * Shows other certificates.
 */
void
iss_candidate_list_set_candidates (IssCandidateList *self,
                                   GPtrArray        *candidates,
                                   GBytes           *selected)
{
  GtkListBoxRow *row;

  g_return_if_fail (ISS_IS_CANDIDATE_LIST (self));
  g_return_if_fail (candidates != NULL);

  self->filling = TRUE;
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));

  g_ptr_array_set_size (self->candidates, 0);
  for (guint i = 0; i < candidates->len; i++)
    {
      g_ptr_array_add (self->candidates, g_object_ref (g_ptr_array_index (candidates, i)));
      gtk_list_box_append (self->list, make_row (self, g_ptr_array_index (candidates, i)));
    }
  self->filling = FALSE;

  gtk_spinner_stop (self->spinner);
  gtk_stack_set_visible_child_name (self->stack, "list");
  if (selected == NULL || !iss_candidate_list_select (self, selected))
    g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * iss_candidate_list_say:
 * @self: a list
 * @busy: whether there will be certificates soon
 * @text: what to say in their place
 *
 * Shows a text where the certificates were. None is selected then.
 */
void
iss_candidate_list_say (IssCandidateList *self,
                        gboolean          busy,
                        const char       *text)
{
  g_autoptr(GPtrArray) none = g_ptr_array_new ();

  g_return_if_fail (ISS_IS_CANDIDATE_LIST (self));

  iss_candidate_list_set_candidates (self, none, NULL);
  gtk_label_set_label (self->label, text);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_stack_set_visible_child_name (self->stack, "text");
}

/**
 * iss_candidate_list_get_selected:
 * @self: a list
 *
 * Returns: (transfer none) (nullable): the certificate that is chosen
 */
IssCandidate *
iss_candidate_list_get_selected (IssCandidateList *self)
{
  GtkListBoxRow *row;

  g_return_val_if_fail (ISS_IS_CANDIDATE_LIST (self), NULL);

  row = gtk_list_box_get_selected_row (self->list);

  return row != NULL ? get_candidate (self, row) : NULL;
}

/**
 * iss_candidate_list_select:
 * @self: a list
 * @sha256: which certificate
 *
 * Returns: whether it is there, and suitable
 */
gboolean
iss_candidate_list_select (IssCandidateList *self,
                           GBytes           *sha256)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE_LIST (self), FALSE);

  for (guint i = 0; i < self->candidates->len; i++)
    {
      IssCandidate *candidate = g_ptr_array_index (self->candidates, i);

      if (iss_candidate_is_suitable (candidate)
          && g_bytes_equal (iss_candidate_get_sha256 (candidate), sha256))
        {
          gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, (int) i));
          return TRUE;
        }
    }

  return FALSE;
}

guint
iss_candidate_list_get_n_rows (IssCandidateList *self)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE_LIST (self), 0);

  return self->candidates->len;
}
