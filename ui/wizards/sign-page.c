/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/sign-page.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/base/password-strength.h"
#include "ui/dialogs/secret-entry.h"
#include "ui/wizards/status-line.h"

/**
 * IssSignPage:
 *
 * The administrator's passphrase, or the PIN of the token that has the key.
 *
 * It is asked for in each wizard: a console that was left alone signs nothing.
 */
struct _IssSignPage
{
  GtkWidget         parent_instance;

  /* Template Widgets */
  GtkWidget        *root;
  GtkLabel         *what;
  GtkLabel         *passphrase_label;
  GtkPasswordEntry *passphrase;
  GtkWidget        *again_label;
  GtkPasswordEntry *again;
  GtkLabel         *strength;
  IssStatusLine    *status;

  /* Owned References */
  IssSigning       *signing;
  GCancellable     *cancellable;   /* (nullable): of the unlocking under way */
  char             *next;
  char             *next_label;
};

static gboolean
is_new (IssSignPage *self)
{
  return iss_signing_get_administrator (self->signing) == NULL;
}

/* (nullable): the key is in a file */
static const char *
get_key_uri (IssSignPage *self)
{
  return is_new (self) ? NULL
    : iss_administrator_get_key_uri (iss_signing_get_administrator (self->signing));
}

static char *
iss_sign_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Administrator’s Key"));
}

/* A new passphrase is typed twice; the PIN of a token may be kept where its URI or systemd says. */
static gboolean
iss_sign_page_is_complete (IssWizardPage *page)
{
  IssSignPage *self = ISS_SIGN_PAGE (page);
  g_autoptr(IssSecret) first = NULL;
  g_autoptr(IssSecret) second = NULL;

  if (self->cancellable != NULL || iss_signing_get_error (self->signing) != NULL ||
      (iss_secret_entry_is_empty (self->passphrase) && get_key_uri (self) == NULL))
    return FALSE;

  if (!is_new (self))
    return TRUE;

  first = iss_secret_entry_dup_secret (self->passphrase);
  second = iss_secret_entry_dup_secret (self->again);

  return iss_secret_equal (first, second);
}

static const char *
iss_sign_page_get_next (IssWizardPage *page)
{
  return ISS_SIGN_PAGE (page)->next;
}

static const char *
iss_sign_page_get_next_label (IssWizardPage *page)
{
  return ISS_SIGN_PAGE (page)->next_label;
}

static void
update (IssSignPage *self)
{
  const gboolean is_made = !is_new (self);
  const gboolean is_free = self->cancellable == NULL &&
                           iss_signing_get_error (self->signing) == NULL;
  g_autoptr(IssSecret) typed = iss_secret_entry_dup_secret (self->passphrase);
  g_autofree char *text = NULL;

  if (get_key_uri (self) != NULL)
    /* Translators: whose key it is, a pkcs11: URI */
    text = g_strdup_printf (_("What is done on every server is signed with the key of %s, which is "
                              "in a token (%s): servers believe nobody else. Leave the PIN empty "
                              "where a file that the URI names (pin-source) or a systemd "
                              "credential holds it."),
                            iss_administrator_get_name (
                              iss_signing_get_administrator (self->signing)),
                            get_key_uri (self));
  else if (is_made)
    /* Translators: whose key it is */
    text = g_strdup_printf (_("What is done on every server is signed with the key of %s: servers "
                              "believe nobody else."),
                            iss_administrator_get_name (
                              iss_signing_get_administrator (self->signing)));
  else
    /* Translators: a folder */
    text = g_strdup_printf (_("What is done on every server is signed: servers believe nobody "
                              "else. You have no key to sign with yet. One is made now, and kept "
                              "in %s, protected by a passphrase that you choose: without both, "
                              "nobody signs as you."),
                            iss_signing_get_key_folder (self->signing));

  gtk_label_set_label (self->what, text);
  gtk_widget_set_visible (self->again_label, !is_made);
  gtk_widget_set_visible (GTK_WIDGET (self->again), !is_made);
  gtk_widget_set_visible (GTK_WIDGET (self->strength), !is_made);
  gtk_label_set_label (self->strength, iss_password_strength_to_text (
                                         iss_password_strength_judge (typed)));
  gtk_widget_set_sensitive (GTK_WIDGET (self->passphrase), is_free);
  gtk_widget_set_sensitive (GTK_WIDGET (self->again), is_free);
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
iss_sign_page_enter (IssWizardPage *page)
{
  IssSignPage *self = ISS_SIGN_PAGE (page);
  const GError *error = iss_signing_get_error (self->signing);

  if (error != NULL)
    iss_status_line_say_error (self->status, error);
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->passphrase));
}

static void
unlocked_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(IssSignPage) self = user_data;
  g_autoptr(GError) error = NULL;
  const gboolean is_unlocked = iss_signing_unlock_finish (ISS_SIGNING (object), result, &error);

  /* The page went in the meantime. */
  if (self->signing == NULL)
    return;

  g_clear_object (&self->cancellable);
  if (is_unlocked)
    {
      iss_secret_entry_clear (self->passphrase);
      iss_secret_entry_clear (self->again);
      iss_status_line_clear (self->status);
      update (self);
      iss_wizard_page_proceed (ISS_WIZARD_PAGE (self));
      return;
    }

  update (self);
  iss_status_line_say_error (self->status, error);
  gtk_widget_grab_focus (GTK_WIDGET (self->passphrase));
}

static gboolean
iss_sign_page_advance (IssWizardPage *page)
{
  IssSignPage *self = ISS_SIGN_PAGE (page);
  g_autoptr(IssSecret) passphrase = iss_secret_entry_dup_secret (self->passphrase);

  self->cancellable = g_cancellable_new ();
  iss_status_line_say (self->status, ISS_STATUS_BUSY, _("Unlocking the key…"));
  update (self);
  iss_signing_unlock_async (self->signing, passphrase, self->cancellable, unlocked_cb,
                            g_object_ref (self));

  return FALSE;
}

static void
iss_sign_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_sign_page_dup_title;
  iface->is_complete = iss_sign_page_is_complete;
  iface->get_next = iss_sign_page_get_next;
  iface->get_next_label = iss_sign_page_get_next_label;
  iface->enter = iss_sign_page_enter;
  iface->advance = iss_sign_page_advance;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssSignPage, iss_sign_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_sign_page_page_init))

static void
iss_sign_page_dispose (GObject *object)
{
  IssSignPage *self = ISS_SIGN_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_SIGN_PAGE);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->signing);
  g_clear_pointer (&self->next, g_free);
  g_clear_pointer (&self->next_label, g_free);

  G_OBJECT_CLASS (iss_sign_page_parent_class)->dispose (object);
}

static void
edited_cb (IssSignPage *self)
{
  if (self->signing == NULL)
    return;

  iss_status_line_clear (self->status);
  update (self);
}

static void
iss_sign_page_class_init (IssSignPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = iss_sign_page_dispose;

  g_type_ensure (ISS_TYPE_STATUS_LINE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/wizards/sign-page.ui");
  gtk_widget_class_bind_template_child (widget_class, IssSignPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssSignPage, what);
  gtk_widget_class_bind_template_child (widget_class, IssSignPage, passphrase_label);
  gtk_widget_class_bind_template_child (widget_class, IssSignPage, passphrase);
  gtk_widget_class_bind_template_child (widget_class, IssSignPage, again_label);
  gtk_widget_class_bind_template_child (widget_class, IssSignPage, again);
  gtk_widget_class_bind_template_child (widget_class, IssSignPage, strength);
  gtk_widget_class_bind_template_child (widget_class, IssSignPage, status);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
}

static void
iss_sign_page_init (IssSignPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  iss_secret_entry_protect (self->passphrase);
  iss_secret_entry_protect (self->again);
}

static void
say_pin (IssSignPage *self)
{
  gtk_label_set_label (self->passphrase_label, _("_PIN of the token:"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->passphrase),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("PIN of the token"), -1);
}

/**
 * iss_sign_page_new:
 * @signing: what is to be unlocked
 * @next: the page that comes next
 * @next_label: what the button says that does it, with a mnemonic
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_sign_page_new (IssSigning *signing,
                   const char *next,
                   const char *next_label)
{
  IssSignPage *self;

  g_return_val_if_fail (ISS_IS_SIGNING (signing), NULL);
  g_return_val_if_fail (next != NULL && next_label != NULL, NULL);

  self = g_object_new (ISS_TYPE_SIGN_PAGE, NULL);
  self->signing = g_object_ref (signing);
  self->next = g_strdup (next);
  self->next_label = g_strdup (next_label);
  if (get_key_uri (self) != NULL)
    say_pin (self);
  update (self);

  return GTK_WIDGET (self);
}

/**
 * iss_sign_page_set_next:
 * @self: a page
 * @next: the page that comes next
 * @next_label: what the button says that does it, with a mnemonic
 */
void
iss_sign_page_set_next (IssSignPage *self,
                        const char  *next,
                        const char  *next_label)
{
  g_return_if_fail (ISS_IS_SIGN_PAGE (self));
  g_return_if_fail (next != NULL && next_label != NULL);

  g_free (self->next);
  g_free (self->next_label);
  self->next = g_strdup (next);
  self->next_label = g_strdup (next_label);
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

/**
 * iss_sign_page_get_text:
 * @self: a page
 *
 * Returns: (transfer none): what is wrong with the key or the passphrase; "" = nothing
 */
const char *
iss_sign_page_get_text (IssSignPage *self)
{
  g_return_val_if_fail (ISS_IS_SIGN_PAGE (self), NULL);

  return iss_status_line_get_text (self->status);
}
