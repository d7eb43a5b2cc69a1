/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/askpass/window.h"

#include <glib/gi18n.h>
#include <string.h>

/**
 * AskpassWindow:
 *
 * One question of ssh's. The answer that is given without thinking (Enter on the window as
 * it appears, Escape, closing it) connects to no unknown server.
 */
struct _AskpassWindow
{
  GtkWindow        parent_instance;

  /* Owned */
  AskpassQuestion *question;

  /* Template children */
  GtkWidget       *root;
  GtkLabel        *title;
  GtkLabel        *text;
  GtkLabel        *fingerprint;
  GtkWidget       *comparison;
  GtkEntry        *expected;
  GtkLabel        *verdict;
  GtkWidget       *password;
  GtkButton       *refuse;
  GtkButton       *accept;
};

enum
{
  ANSWERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AskpassWindow, askpass_window, GTK_TYPE_WINDOW)

static void
refuse_cb (AskpassWindow *self)
{
  g_signal_emit (self, signals[ANSWERED], 0, NULL);
}

static void
accept_cb (AskpassWindow *self)
{
  gboolean secret = self->question->kind == ASKPASS_QUESTION_SECRET;

  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->accept)))
    return;

  g_signal_emit (self, signals[ANSWERED], 0,
                 secret ? gtk_editable_get_text (GTK_EDITABLE (self->password)) : "yes");
}

/* An expectation that is not met is not passed over. */
static void
expected_changed_cb (AskpassWindow *self)
{
  const char *pasted = gtk_editable_get_text (GTK_EDITABLE (self->expected));
  gboolean empty = *pasted == '\0';
  gboolean matches = askpass_question_matches (self->question, pasted);

  gtk_label_set_text (self->verdict,
                      empty ? "" : matches ? _("● It is the same.") : _("△ It is another one."));
  gtk_widget_set_sensitive (GTK_WIDGET (self->accept), empty || matches);
}

static gboolean
askpass_window_close_request (GtkWindow *window)
{
  refuse_cb (ASKPASS_WINDOW (window));

  return GTK_WINDOW_CLASS (askpass_window_parent_class)->close_request (window);
}

static void
askpass_window_dispose (GObject *object)
{
  AskpassWindow *self = ASKPASS_WINDOW (object);

  /* The template's root is the window's child, which GtkWindow sees off itself. */
  g_clear_pointer (&self->question, askpass_question_free);

  G_OBJECT_CLASS (askpass_window_parent_class)->dispose (object);
}

static void
askpass_window_class_init (AskpassWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = askpass_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = askpass_window_close_request;

  signals[ANSWERED] = g_signal_new ("answered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                    0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                    G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/issuant/askpass/window.ui");
  gtk_widget_class_bind_template_child (widget_class, AskpassWindow, root);
  gtk_widget_class_bind_template_child (widget_class, AskpassWindow, title);
  gtk_widget_class_bind_template_child (widget_class, AskpassWindow, text);
  gtk_widget_class_bind_template_child (widget_class, AskpassWindow, fingerprint);
  gtk_widget_class_bind_template_child (widget_class, AskpassWindow, comparison);
  gtk_widget_class_bind_template_child (widget_class, AskpassWindow, expected);
  gtk_widget_class_bind_template_child (widget_class, AskpassWindow, verdict);
  gtk_widget_class_bind_template_child (widget_class, AskpassWindow, password);
  gtk_widget_class_bind_template_child (widget_class, AskpassWindow, refuse);
  gtk_widget_class_bind_template_child (widget_class, AskpassWindow, accept);
  gtk_widget_class_bind_template_callback (widget_class, refuse_cb);
  gtk_widget_class_bind_template_callback (widget_class, accept_cb);
  gtk_widget_class_bind_template_callback (widget_class, expected_changed_cb);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
askpass_window_init (AskpassWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* What Enter does is seen before it is pressed. */
static void
set_default (AskpassWindow *self,
             GtkButton     *button,
             GtkWidget     *focus)
{
  gtk_widget_add_css_class (GTK_WIDGET (button), "suggested-action");
  gtk_window_set_default_widget (GTK_WINDOW (self), GTK_WIDGET (button));
  gtk_window_set_focus (GTK_WINDOW (self), focus);
}

static void
show_question (AskpassWindow *self)
{
  const AskpassQuestion *question = self->question;
  g_autofree char *title = NULL;

  gtk_widget_set_visible (self->password, question->kind == ASKPASS_QUESTION_SECRET);
  gtk_widget_set_visible (self->comparison, question->kind == ASKPASS_QUESTION_HOST_KEY);
  gtk_widget_set_visible (GTK_WIDGET (self->fingerprint),
                          question->kind == ASKPASS_QUESTION_HOST_KEY);

  switch (question->kind)
    {
    case ASKPASS_QUESTION_HOST_KEY:
      title = g_strdup_printf (_("Is this really %s?"), question->host);
      gtk_label_set_text (self->title, title);
      gtk_label_set_text (self->text, _("The server is not known here yet. It shows a key with "
                                        "this fingerprint; its administrator can tell you "
                                        "whether that is right."));
      gtk_label_set_text (self->fingerprint, question->fingerprint);
      set_default (self, self->refuse, GTK_WIDGET (self->refuse));
      break;

    case ASKPASS_QUESTION_CONFIRM:
      gtk_label_set_text (self->title, _("ssh asks"));
      gtk_label_set_text (self->text, question->text);
      gtk_button_set_label (self->accept, _("_Yes"));
      gtk_button_set_label (self->refuse, _("_No"));
      set_default (self, self->refuse, GTK_WIDGET (self->refuse));
      break;

    case ASKPASS_QUESTION_SECRET:
      gtk_label_set_text (self->title, strstr (question->text, "passphrase") != NULL
                                         ? _("Your key is locked")
                                         : _("The server wants to know who you are"));
      gtk_label_set_text (self->text, question->text);
      gtk_button_set_label (self->accept, _("_Log In"));
      gtk_button_set_label (self->refuse, _("_Cancel"));
      set_default (self, self->accept, self->password);
      break;
    }
}

/**
 * askpass_window_new:
 * @question: (transfer full): what to ask
 *
 * Returns: a window
 */
GtkWidget *
askpass_window_new (AskpassQuestion *question)
{
  AskpassWindow *self;

  g_return_val_if_fail (question != NULL, NULL);

  self = g_object_new (ASKPASS_TYPE_WINDOW, NULL);
  self->question = question;
  show_question (self);
  return GTK_WIDGET (self);
}
