/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/replace-page.h"

#include "core/base/text.h"
#include "core/pool/assignment-table.h"
#include "ui/wizards/pool-label.h"
#include "ui/wizards/shell-line.h"
#include "ui/wizards/status-line.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * IssReplacePage:
 *
 * What stops working when a compromised certificate is replaced.
 *
 * What it is used for, as the servers were seen, is what is replaced: all of it. The certificate
 * itself is fetched from a server that has it, for those that have not are to distrust it, too.
 */
struct _IssReplacePage
{
  GtkWidget      parent_instance;

  /* Template Widgets */
  GtkWidget     *root;
  GtkLabel      *intro_label;
  GtkBox        *list;
  GtkLabel      *after_label;
  IssStatusLine *status;

  /* Owned References */
  IssAssignPlan *plan;
  GBytes        *sha256;
  GCancellable  *cancellable;
  char          *text;
};

/* (nullable): as a server was seen to have it */
static const IssObservedCertificate *
find_certificate (IssServer *server,
                  GBytes    *sha256)
{
  IssObservation *seen = iss_server_get_observation (server);

  return seen != NULL ? iss_observation_find_certificate (seen, g_bytes_get_data (sha256, NULL))
                      : NULL;
}

static char *
iss_replace_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("What Stops Working"));
}

static gboolean
iss_replace_page_is_complete (IssWizardPage *page)
{
  IssReplacePage *self = ISS_REPLACE_PAGE (page);

  return iss_assign_plan_get_types (self->plan)[0] != NULL
         && iss_assign_plan_get_compromised (self->plan) != NULL;
}

static const char *
iss_replace_page_get_next (IssWizardPage *page)
{
  return "store";
}

static GtkWidget *
new_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_width_chars (GTK_LABEL (label), 60);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);

  return label;
}

static void
add_line (IssReplacePage *self,
          const char     *meaning,
          const char     *where,
          const char     *stops)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *mark = gtk_label_new ("▲");
  GtkWidget *what = new_label (stops);
  g_autofree char *text = g_strdup_printf ("%s%s: %s\n", self->text, where, stops);

  gtk_widget_add_css_class (mark, "warning");
  gtk_widget_set_valign (mark, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL, meaning,
                                  -1);
  gtk_widget_add_css_class (what, "dim-label");
  gtk_box_append (GTK_BOX (texts), new_label (where));
  gtk_box_append (GTK_BOX (texts), what);
  gtk_box_append (GTK_BOX (row), mark);
  gtk_box_append (GTK_BOX (row), texts);
  gtk_box_append (self->list, row);

  g_free (self->text);
  self->text = g_steal_pointer (&text);
}

/* On which servers a type uses it, in whatever slot. */
static GPtrArray *
find_users (IssReplacePage           *self,
            IssAssignmentTable       *table,
            const IssCertificateType *type)
{
  GPtrArray *users = g_ptr_array_new ();

  for (guint i = 0; i < iss_assignment_table_get_n_rows (table); i++)
    {
      const IssAssignmentRow *row = iss_assignment_table_get_row (table, i);

      if (row->known != type || !row->has_certificate
          || memcmp (row->sha256, g_bytes_get_data (self->sha256, NULL), sizeof row->sha256) != 0)
        continue;

      for (guint k = 0; k < row->servers->len; k++)
        if (!g_ptr_array_find (users, g_ptr_array_index (row->servers, k), NULL))
          g_ptr_array_add (users, g_ptr_array_index (row->servers, k));
    }

  return users;
}

static gboolean
is_global (GPtrArray                *users,
           const IssCertificateType *type)
{
  for (guint i = 0; i < users->len; i++)
    {
      IssObservation *seen = iss_server_get_observation (users->pdata[i]);
      const IssObservedType *its = iss_observation_find_type (seen, type->name);

      if (its != NULL && g_strcmp0 (its->scope, "global") == 0)
        return TRUE;
    }

  return FALSE;
}

/* What replaces several types changes each server by hand. Of what was decided once for all, that
 * is drift. */
static void
warn_of_drift (IssReplacePage           *self,
               GPtrArray                *users,
               const IssCertificateType *type)
{
  const IssObservedCertificate *seen = find_certificate (users->pdata[0], self->sha256);
  g_autoptr(GBytes) sha1 = seen != NULL ? g_bytes_new (seen->sha1, sizeof seen->sha1) : NULL;
  g_autofree char *old = sha1 != NULL ? iss_text_thumbprint (sha1) : NULL;
  g_autoptr(GString) line = iss_shell_line_new (iss_assign_plan_get_workspace (self->plan),
                                                "set-certificate");
  g_autofree char *what = NULL;
  g_autofree char *remedy = NULL;

  iss_shell_line_add (line, "--identity", "global");
  iss_shell_line_add (line, "--type", type->name);
  iss_shell_line_add (line, "--thumbprint", NULL);
  iss_shell_line_add (line, "--compromised", old);

  /* Translators: certificate type */
  what = g_strdup_printf (_("%s is assigned globally: replace it in a shell instead"),
                          iss_certificate_type_get_label (type));
  /* Translators: a line of a shell */
  remedy = g_strdup_printf (_("“%s” decides it once for every server. Replaced here, each differs "
                              "from what is decided, and the next decision may bring the "
                              "compromised one back."), line->str);
  add_line (self, _("warning"), what, remedy);
}

static void
warn (IssReplacePage     *self,
      IssAssignmentTable *table,
      const char *const  *types)
{
  for (guint i = 0; types[i] != NULL; i++)
    {
      const IssCertificateType *type = iss_certificate_type_find (types[i]);
      g_autoptr(GPtrArray) users = find_users (self, table, type);
      g_autofree char *what = NULL;

      if (!is_global (users, type))
        continue;

      if (types[1] != NULL)
        {
          warn_of_drift (self, users, type);
          continue;
        }

      /* Translators: certificate type */
      what = g_strdup_printf (_("%s is assigned globally: have it replaced on every server, "
                                "replicated"), iss_certificate_type_get_label (type));
      add_line (self, _("warning"), what,
                _("That is decided once, and signed with your key. By hand, each server would "
                  "differ from what is decided, and the next decision might bring the compromised "
                  "one back."));
    }
}

static void
show_types (IssReplacePage *self)
{
  IssPool *pool = iss_assign_plan_get_pool (self->plan);
  g_autoptr(IssAssignmentTable) table = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) types = NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_box_remove (self->list, child);
  g_free (self->text);
  self->text = g_strdup ("");

  table = iss_assignment_table_new (iss_assign_plan_get_servers (self->plan), NULL,
                                    iss_clock_now (iss_pool_get_clock (pool)), NULL);
  for (guint i = 0; i < iss_certificate_type_get_n (); i++)
    {
      const IssCertificateType *type = iss_certificate_type_get (i);
      g_autoptr(GPtrArray) users = find_users (self, table, type);
      g_autofree char *names = iss_pool_label_dup_names (users);
      g_autofree char *stops = iss_transition_dup_stops (type);
      g_autofree char *where = NULL;

      if (users->len == 0)
        continue;

      /* Translators: certificate type, servers */
      where = g_strdup_printf (_("%s, on %s"), iss_certificate_type_get_label (type), names);
      add_line (self, _("stops working"), where, stops);
      g_strv_builder_add (builder, type->name);
    }

  types = g_strv_builder_end (builder);
  iss_assign_plan_set_types (self->plan, (const char *const *) types);
  warn (self, table, (const char *const *) types);
  gtk_widget_set_visible (GTK_WIDGET (self->intro_label), types[0] != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->after_label), types[0] != NULL);
  if (types[0] == NULL)
    iss_status_line_say (self->status, ISS_STATUS_NOTE,
                         _("No server was seen to use it: there is nothing to replace. Delete it, "
                           "or import it into Untrusted."));
}

static void
fetched_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(IssReplacePage) self = user_data;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;

  certificate = iss_server_get_certificate_finish (ISS_SERVER (object), result, NULL, &error);
  if (self->plan == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (certificate == NULL)
    {
      iss_status_line_say_error (self->status, error);
      return;
    }

  iss_status_line_clear (self->status);
  iss_assign_plan_set_compromised (self->plan, certificate);
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

/* (nullable): a server that answers, and was seen to have it in its store */
static IssServer *
find_holder (IssReplacePage *self)
{
  GPtrArray *servers = iss_assign_plan_get_servers (self->plan);

  for (guint i = 0; i < servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (servers, i);
      const IssObservedCertificate *its = find_certificate (server, self->sha256);

      if (iss_server_is_answering (server) && its != NULL && its->rung >= ISS_RUNG_IN_STORE)
        return server;
    }

  return NULL;
}

static void
fetch (IssReplacePage *self)
{
  IssServer *server = find_holder (self);

  if (server == NULL)
    {
      iss_status_line_say (self->status, ISS_STATUS_ERROR,
                           _("No server that answers has it, so that the others cannot be told to "
                             "distrust it. Look again once one answers."));
      return;
    }

  iss_server_get_certificate_async (server, "", self->sha256, self->cancellable, fetched_cb,
                                    g_object_ref (self));
}

static void
iss_replace_page_enter (IssWizardPage *page)
{
  IssReplacePage *self = ISS_REPLACE_PAGE (page);

  iss_status_line_clear (self->status);
  show_types (self);
  if (iss_assign_plan_get_types (self->plan)[0] != NULL
      && iss_assign_plan_get_compromised (self->plan) == NULL)
    fetch (self);
}

static void
iss_replace_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_replace_page_dup_title;
  iface->is_complete = iss_replace_page_is_complete;
  iface->get_next = iss_replace_page_get_next;
  iface->enter = iss_replace_page_enter;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssReplacePage, iss_replace_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_replace_page_page_init))

static void
iss_replace_page_dispose (GObject *object)
{
  IssReplacePage *self = ISS_REPLACE_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->plan);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_REPLACE_PAGE);

  G_OBJECT_CLASS (iss_replace_page_parent_class)->dispose (object);
}

static void
iss_replace_page_finalize (GObject *object)
{
  IssReplacePage *self = ISS_REPLACE_PAGE (object);

  g_clear_pointer (&self->sha256, g_bytes_unref);
  g_clear_object (&self->cancellable);
  g_free (self->text);

  G_OBJECT_CLASS (iss_replace_page_parent_class)->finalize (object);
}

static void
iss_replace_page_class_init (IssReplacePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/replace-page.ui";

  object_class->dispose = iss_replace_page_dispose;
  object_class->finalize = iss_replace_page_finalize;

  g_type_ensure (ISS_TYPE_STATUS_LINE);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssReplacePage, root);
  gtk_widget_class_bind_template_child (widget_class, IssReplacePage, intro_label);
  gtk_widget_class_bind_template_child (widget_class, IssReplacePage, list);
  gtk_widget_class_bind_template_child (widget_class, IssReplacePage, after_label);
  gtk_widget_class_bind_template_child (widget_class, IssReplacePage, status);
}

static void
iss_replace_page_init (IssReplacePage *self)
{
  self->text = g_strdup ("");
  self->cancellable = g_cancellable_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_replace_page_new:
 * @plan: what is collected, with the servers of a pool
 * @sha256: what is compromised
 *
 * Returns: (transfer floating): the page; it asks nobody before it is shown
 */
GtkWidget *
iss_replace_page_new (IssAssignPlan *plan,
                      GBytes        *sha256)
{
  IssReplacePage *self;
  GPtrArray *servers;
  const IssObservedCertificate *seen = NULL;
  g_autoptr(GBytes) sha1 = NULL;
  g_autofree char *thumbprint = NULL;
  g_autofree char *intro = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (plan), NULL);
  g_return_val_if_fail (g_bytes_get_size (sha256) == ISS_SHA256_SIZE, NULL);

  self = g_object_new (ISS_TYPE_REPLACE_PAGE, NULL);
  self->plan = g_object_ref (plan);
  self->sha256 = g_bytes_ref (sha256);

  servers = iss_assign_plan_get_servers (plan);
  for (guint i = 0; i < servers->len && (seen == NULL || *seen->issued_to == '\0'); i++)
    seen = find_certificate (g_ptr_array_index (servers, i), sha256);
  sha1 = g_bytes_new (seen != NULL ? seen->sha1 : NULL, seen != NULL ? sizeof seen->sha1 : 0);
  thumbprint = seen != NULL ? iss_text_thumbprint_short (sha1) : g_strdup ("?");

  /* Translators: a certificate's name and its thumbprint */
  intro = g_strdup_printf (_("Whoever has the private key of %s (%s) can act as these servers. "
                             "When it is replaced, this stops working at once:"),
                           seen != NULL ? seen->issued_to : _("the certificate"), thumbprint);
  gtk_label_set_label (self->intro_label, intro);

  return GTK_WIDGET (self);
}

const char *
iss_replace_page_get_text (IssReplacePage *self)
{
  g_return_val_if_fail (ISS_IS_REPLACE_PAGE (self), NULL);

  return self->text;
}

const char *
iss_replace_page_get_status (IssReplacePage *self)
{
  g_return_val_if_fail (ISS_IS_REPLACE_PAGE (self), NULL);

  return iss_status_line_get_text (self->status);
}
